// A page's side of the preview (templates/backoffice/preview.html). Pages talk to the panel by events, and need not
// know of the frame inside it:
//
//   panel.dispatchEvent(new CustomEvent("preview:send", { detail: { type: "document", document } }))
//
// sends one of the messages `ToFrame` of apps/widget/client/src/preview/protocol.ts (show, document, brand, config,
// step, restart); before the frame listens, messages wait. What the frame says (`FromFrame`) comes as an event of the
// panel: preview:ready, preview:shown, preview:step_entered, preview:failed, each with the message as its `detail`.

const CHANNEL = "wrkbelt.preview";
const DEVICES = { phone: { width: 375, height: 700 }, desktop: { width: 720, height: 700 } };
// What the back office has above and below the panel, in pixels; and how small is still legible.
const AROUND = 180;
const SMALLEST = 0.66;
const MEMORY = "wrkbelt:backoffice:preview";
const NARROW = window.matchMedia("(max-width: 1199px)");

for (const panel of document.querySelectorAll("[data-preview]")) start(panel);

function start(panel) {
  const find = (name) => panel.querySelector(`[data-preview-${name}]`);
  const [frame, box, jump, body, toggle] = ["frame", "box", "jump", "body", "toggle"].map(find);
  const known = recall();
  const place = panel.dataset.frame + panel.dataset.query;
  const state = {
    device: known.device in DEVICES ? known.device : "phone",
    // Back on the screen that was looked at before the page was saved.
    step: known.place === place ? known.step : panel.dataset.step,
    open: !NARROW.matches,
  };
  let ready = false;
  let waiting = [];

  const post = (message) => frame.contentWindow.postMessage({ channel: CHANNEL, ...message }, location.origin);
  const send = (message) => (ready ? post(message) : waiting.push(message));
  const keep = () => remember({ device: state.device, step: state.step, place });

  panel.addEventListener("preview:send", (event) => send(event.detail));
  window.addEventListener("message", (event) => {
    if (event.origin !== location.origin || event.source !== frame.contentWindow) return;
    const { channel, ...message } = event.data ?? {};
    if (channel !== CHANNEL) return;
    if (message.type === "ready") {
      ready = true;
      waiting.forEach(post);
      waiting = [];
    } else if (message.type === "shown") {
      offer(message.steps);
    } else if (message.type === "step_entered") {
      state.step = message.step_type;
      jump.value = message.step_type;
      keep();
    } else if (message.type === "failed") {
      find("says").textContent = message.reason;
    }
    panel.dispatchEvent(new CustomEvent(`preview:${message.type}`, { detail: message }));
  });

  function offer(steps) {
    const screens = [...steps, { step_type: "done", title: "Booked" }, { step_type: "fallback", title: "When booking is not possible" }];
    jump.replaceChildren(...screens.map(({ step_type: type, title }) => new Option(title, type)));
    jump.value = state.step || (steps[0]?.step_type ?? "");
    jump.disabled = false;
  }

  function load() {
    if (frame.src || !state.open) return;
    const step = state.step ? `&step=${encodeURIComponent(state.step)}` : "";
    frame.src = `${panel.dataset.frame}?${`${panel.dataset.query}${step}`.replace(/^&/, "")}`;
  }

  function fit() {
    const { width, height } = DEVICES[state.device];
    box.classList.toggle("bo-preview-phone", state.device === "phone");
    const room = panel.clientWidth - 34;
    const rest = panel.scrollHeight - box.offsetHeight;
    const scale = Math.min(1, room / width, Math.max(SMALLEST, (window.innerHeight - AROUND - rest) / height));
    Object.assign(frame.style, { width: `${width}px`, height: `${height}px`, transform: `scale(${scale})` });
    Object.assign(box.style, { width: `${Math.round(width * scale) + 2}px`, height: `${Math.round(height * scale) + 2}px` });
  }

  function show(open) {
    state.open = open;
    body.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = open ? "Hide" : "Show";
    if (!open) return;
    load();
    fit();
  }

  jump.addEventListener("change", () => send({ type: "step", step_type: jump.value }));
  find("restart").addEventListener("click", () => send({ type: "restart" }));
  find("refresh").addEventListener("click", () => send({ type: "show" }));
  find("alone").href = `${panel.dataset.frame}?${panel.dataset.query.replace(/^&/, "")}`;
  toggle.addEventListener("click", () => show(!state.open));
  NARROW.addEventListener("change", () => show(!NARROW.matches));
  for (const radio of panel.querySelectorAll("[name=bo-preview-device]")) {
    radio.checked = radio.value === state.device;
    radio.addEventListener("change", () => {
      state.device = radio.value;
      keep();
      fit();
    });
  }
  for (const element of [panel, body]) new ResizeObserver(fit).observe(element);
  window.addEventListener("resize", fit);
  show(state.open);
}

function recall() {
  try {
    return JSON.parse(sessionStorage.getItem(MEMORY)) ?? {};
  } catch {
    return {};
  }
}

function remember(value) {
  try {
    sessionStorage.setItem(MEMORY, JSON.stringify(value));
  } catch {
    // Without a storage the preview begins anew on each page.
  }
}
