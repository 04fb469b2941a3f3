// The roster's forms as dialogs, fields that only matter sometimes, and arrow keys. Every page works without it.
"use strict";

const matches = (form, condition) => {
  const [, name, unequal, wanted] = condition.match(/^(\w+)(!?)=(.*)$/);
  const field = form.elements.namedItem(name);
  if (!field) return true;
  const value = field.type === "checkbox" ? (field.checked ? "on" : "") : field.value;
  return (value === wanted) !== Boolean(unequal);
};

function showWhatMatters(root) {
  for (const part of root.querySelectorAll("[data-bo-when]")) {
    const form = part.closest("form");
    if (form) part.toggleAttribute("data-bo-hidden", !matches(form, part.dataset.boWhen));
  }
}

// A preview speaks about what was typed when it was made.
function forgetPreview(form) {
  form.querySelector("[data-bo-outcome]")?.remove();
  const [preview, save] = ["preview", "save"].map((step) => form.querySelector(`button[name=step][value=${step}]`));
  if (preview && save) {
    save.remove();
    preview.classList.remove("bo-quiet");
    preview.textContent = preview.dataset.boLook ?? "See what changes";
  }
}

let dialog = null;
let opener = null;

function dialogOf() {
  if (dialog) return dialog;
  dialog = document.createElement("dialog");
  dialog.className = "bo-dialog";
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => opener?.focus());
  document.body.append(dialog);
  return dialog;
}

async function load(url, options) {
  const response = await fetch(url, { credentials: "same-origin", headers: { "X-Bo-Dialog": "1" }, ...options });
  const nextPage = response.headers.get("X-Bo-Location");
  if (nextPage) {
    if (nextPage === location.pathname + location.search) location.reload();
    else location.assign(nextPage);
    return;
  }
  const text = await response.text();
  const fragment = new DOMParser().parseFromString(text, "text/html").querySelector("[data-bo-fragment]");
  if (!response.ok || !fragment) {
    location.assign(url);
    return;
  }
  const box = dialogOf();
  box.replaceChildren(document.importNode(fragment, true));
  const heading = box.querySelector("h1");
  if (heading) {
    heading.id = "bo-dialog-title";
    box.setAttribute("aria-labelledby", heading.id);
  }
  showWhatMatters(box);
  if (!box.open) box.showModal();
  const next = box.querySelector("[aria-invalid=true], [data-bo-outcome], [role=alert]");
  if (next) {
    next.scrollIntoView({ block: "nearest" }); // its margin keeps it clear of the buttons
    next.focus?.();
  }
}

async function inDialog(url, options) {
  const box = dialogOf();
  box.setAttribute("aria-busy", "true");
  try {
    await load(url, options);
  } catch {
    // No network: the plain page says so in the browser's own words.
    location.assign(url);
  } finally {
    box.removeAttribute("aria-busy");
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-bo-dialog]");
  const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (link && plain) {
    event.preventDefault();
    if (!link.closest("dialog")) opener = link;
    inDialog(link.href);
  } else if (dialog?.open && event.target.closest("[data-bo-close]")) {
    event.preventDefault();
    dialog.close();
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.boAsk && !confirm(form.dataset.boAsk)) {
    event.preventDefault();
    return;
  }
  if (!form.matches("dialog [data-bo-form]")) return;
  event.preventDefault();
  inDialog(form.action, { method: "POST", body: new FormData(form, event.submitter) });
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form) return;
  showWhatMatters(form);
  forgetPreview(form);
});

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.dataset.boReload === event.target.name) {
    const at = form.elements.namedItem("at");
    if (at) at.disabled = true; // choices of the new place first, an answer afterwards
    form.submit();
  }
});

document.addEventListener("keydown", (event) => {
  const busy = event.target.closest("input, select, textarea, dialog, .bo-gridscroll") || dialog?.open;
  if (busy || event.ctrlKey || event.metaKey || event.altKey) return;
  document.querySelector(`[data-bo-key="${event.key}"]`)?.click();
});

showWhatMatters(document);

// Where a week is wider than the window, begin with today.
const today = document.querySelector(".bo-grid thead .bo-now");
if (today) {
  const week = today.closest(".bo-gridscroll");
  week.scrollLeft = today.offsetLeft - week.querySelector("th").offsetWidth;
}
