// The widget's form: selectors are tried on the spot, and the screen for when booking is not possible shows beside it as
// it is typed (the panel of static/backoffice/preview.js).

const panel = document.querySelector("[data-preview]");
const selectors = document.getElementById("id_target_click_elements");
const field = (name) => document.getElementById(`id_${name}`);
const FALLBACK = ["fallback_phone_number", "fallback_title", "fallback_description", "fallback_icon"];

const send = (message) => panel?.dispatchEvent(new CustomEvent("preview:send", { detail: message }));

function config() {
  const [phone, title, description, icon] = FALLBACK.map((name) => field(name)?.value.trim() ?? "");
  const content = { title, description, icon };
  return {
    id: "preview",
    name: field("name")?.value ?? "",
    target_click_elements: [],
    fallback_phone_number_screen: phone ? { phone_number: phone, content } : null,
  };
}

function judge() {
  const wrong = selectors.value
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !isSelector(line));
  // The browser refuses to send the form, and says why.
  selectors.setCustomValidity(wrong.length ? `${wrong[0]} is not a CSS selector.` : "");
  selectors.toggleAttribute("aria-invalid", wrong.length > 0);
  note.textContent = wrong.length ? `Not a CSS selector: ${wrong.join("  ")}` : "";
}

function isSelector(text) {
  try {
    document.createDocumentFragment().querySelector(text);
    return true;
  } catch {
    return false;
  }
}

const note = document.createElement("p");
note.className = "bo-error";
note.setAttribute("role", "status");
if (selectors) {
  selectors.after(note);
  selectors.addEventListener("input", judge);
  judge();
}
for (const name of FALLBACK) {
  field(name)?.addEventListener("focus", () => send({ type: "step", step_type: "fallback" }), { once: true });
  for (const event of ["input", "change"]) {
    field(name)?.addEventListener(event, () => send({ type: "config", scheduler_config: config() }));
  }
}
field("brand_kit")?.addEventListener("change", (event) => send({ type: "show", brand_kit_id: event.target.value || undefined }));
