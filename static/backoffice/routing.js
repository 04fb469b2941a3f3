// While a rule is written: pages that it would fit, and near ones that it would not. The server decides, as ever.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const panel = document.querySelector("[data-bo-examples]");
  const form = document.querySelector("#bookingflowrouter_form");
  if (!panel || !form) return;
  let asked = 0;
  let waiting = null;

  const list = (side, addresses) => {
    const items = addresses.map((address) => {
      const item = document.createElement("li");
      item.textContent = address;
      return item;
    });
    panel.querySelector(`[data-bo-${side}] ul`).replaceChildren(...items);
    panel.querySelector(`[data-bo-${side}]`).hidden = items.length === 0;
  };

  const conditions = () =>
    [...form.querySelectorAll("[data-bo-rows=conditions] [data-bo-row]")]
      .filter((row) => !row.classList.contains("bo-removed"))
      .map((row) => {
        const value = (name) => row.querySelector(`[name$="-${name}"]`)?.value.trim() ?? "";
        return [value("parameter") || value("other"), value("value")];
      })
      .filter(([name, value]) => name && value);

  const show = async () => {
    const field = (name) => form.elements.namedItem(name)?.value ?? "";
    const isDefault = form.elements.namedItem("is_default")?.checked;
    panel.hidden = isDefault || (field("path_match") !== "any" && !field("path").trim());
    if (panel.hidden) return;
    const query = new URLSearchParams({ path_match: field("path_match"), path: field("path") });
    for (const [name, value] of conditions()) {
      query.append("name", name);
      query.append("value", value);
    }
    asked += 1;
    const mine = asked;
    try {
      const response = await fetch(`${panel.dataset.boExamples}?${query}`, { credentials: "same-origin" });
      const answer = await response.json();
      if (mine !== asked) return;
      list("fits", answer.fits ?? []);
      list("others", answer.others ?? []);
      const problem = panel.querySelector("[data-bo-problem]");
      problem.textContent = (answer.problems ?? []).join(" ");
      problem.hidden = !answer.problems;
    } catch {
      panel.hidden = true; // a comfort only
    }
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 250);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  void show();
});
