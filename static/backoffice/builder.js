// The flow's page without reloads: every form still works without it, and answers with the whole page.
"use strict";

(() => {
  const builder = document.querySelector("[data-bo-builder]");
  if (!builder) return;
  const live = () => builder.querySelector("[data-bo-live]");
  const openForm = () => builder.querySelector("[data-bo-form]");
  const rules = JSON.parse(document.getElementById("bo-order-rules").textContent);
  let typed = false; // something in the open form is not saved yet
  let sending = Promise.resolve();

  // --- Saying -----------------------------------------------------------------------------------

  const announce = (words) => {
    const box = builder.querySelector("[data-bo-announce]");
    box.textContent = "";
    requestAnimationFrame(() => {
      box.textContent = words;
    });
  };

  // --- The preview beside it: what is saved, where the person is, and the words as they are typed ---

  const preview = builder.querySelector("[data-preview]");
  const toPreview = (message) => preview?.dispatchEvent(new CustomEvent("preview:send", { detail: message }));
  let draft = null; // the flow's document, fetched once somebody types

  const jumpTo = (step) => {
    const card = step && builder.querySelector(`[data-step="${step}"]`);
    if (card) toPreview({ type: "step", step_type: card.dataset.kind });
  };

  function previewSaved() {
    draft = null;
    toPreview({ type: "show" });
    jumpTo(live().dataset.opened);
  }

  async function previewTyped(step, words) {
    draft ??= fetch(builder.dataset.documentUrl, { credentials: "same-origin" }).then((answer) => answer.json());
    try {
      const { resolved } = await draft;
      const steps = resolved.flow.steps.map((one) => (one.id === step ? { ...one, step_config: { ...one.step_config, ...words } } : one));
      toPreview({ type: "document", document: { ...resolved.flow, steps } });
    } catch {
      draft = null; // the preview shows what is saved, as it did
    }
  }

  // --- The page again -----------------------------------------------------------------------------

  /** Put what the server answered in place of what is shown; a form with something typed in it stays as it is. */
  function show(text, { url, keepForm }) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const next = page.querySelector("[data-bo-live]");
    if (!next) {
      location.assign(url); // signed out, or gone
      return;
    }
    const before = live();
    const kept = keepForm && typed ? openForm() : null;
    const focus = focusOf(document.activeElement);
    const fresh = document.importNode(next, true);
    if (kept) {
      const other = fresh.querySelector("[data-bo-form]");
      if (other && other.getAttribute("action") === kept.getAttribute("action")) other.replaceWith(kept);
    } else typed = false;
    before.replaceWith(fresh);
    prepare();
    if (url) history.replaceState(null, "", url);
    const messages = [...fresh.querySelectorAll("[data-bo-message]")].map((one) => one.firstChild.textContent.trim());
    if (messages.length) announce(messages.join(" "));
    refocus(focus);
  }

  const focusOf = (element) => {
    const card = element?.closest?.("[data-step]");
    return { step: card?.dataset.step, label: element?.getAttribute?.("aria-label"), title: element?.title };
  };

  function refocus({ step, title }) {
    const wrong = builder.querySelector("[aria-invalid=true], .bo-stepform [role=alert]");
    if (wrong) {
      wrong.scrollIntoView({ block: "center" });
      wrong.focus?.();
      return;
    }
    const card = step && builder.querySelector(`[data-step="${step}"]`);
    if (!card || card.contains(document.activeElement)) return;
    const same = title && card.querySelector(`[title="${title}"]:not(:disabled)`);
    (same || card.querySelector("[data-bo-handle]"))?.focus({ preventScroll: true });
  }

  async function ask(url, options, { keepForm = false, changed = false } = {}) {
    live().setAttribute("aria-busy", "true");
    try {
      const response = await fetch(url, { credentials: "same-origin", ...options });
      if (response.status >= 500 || response.status === 403) throw new Error(String(response.status));
      const stays = response.redirected || !options?.method;
      show(await response.text(), { url: stays ? response.url : "", keepForm });
      if (changed) previewSaved();
    } catch {
      announce("That did not reach the server. Nothing was changed; try again.");
      const said = live().querySelector("[data-bo-said]");
      said.innerHTML = "";
      const words = document.createElement("p");
      words.className = "bo-notice bo-notice-danger";
      words.textContent = "That did not reach the server. Nothing was changed, and what you typed is still here: try again.";
      said.append(words);
    } finally {
      live().removeAttribute("aria-busy");
    }
  }

  /** One after another: the second move of a step starts from what the first one made. */
  const inTurn = (run) => {
    sending = sending.then(run, run);
    return sending;
  };

  const post = (url, data, options) => {
    const opened = live().dataset.opened;
    if (opened && !data.has("opened")) data.append("opened", opened);
    return ask(url, { method: "POST", body: data }, options);
  };

  // --- Opening and saving -------------------------------------------------------------------------

  const mayLeave = () => !typed || confirm("What you typed in the open step is not saved yet. Leave it?");

  builder.addEventListener("click", (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    const opening = event.target.closest("[data-bo-open]");
    if (opening && plain) {
      event.preventDefault();
      if (!mayLeave()) return;
      typed = false;
      const step = opening.dataset.boOpen;
      inTurn(() => ask(opening.href)).then(() => {
        const form = openForm();
        form?.closest("[data-step]")?.scrollIntoView({ block: "start" });
        form?.querySelector("input:not([type=hidden]), textarea")?.focus({ preventScroll: true });
        if (!form) builder.querySelector("[data-bo-handle]")?.focus({ preventScroll: true });
        if (step) jumpTo(step);
      });
      return;
    }
    if (event.target.closest("[data-bo-publish]") && plain) {
      event.preventDefault();
      builder.querySelector("[data-bo-publish-dialog]").showModal();
    } else if (event.target.closest("[data-bo-cancel]")) {
      event.preventDefault();
      builder.querySelector("[data-bo-publish-dialog]").close();
    }
    const mover = event.target.closest("[data-bo-up], [data-bo-down]");
    if (mover) {
      const row = mover.closest("[data-bo-row]");
      rowsOf(mover.closest("[data-bo-rows-list]")).step(row, mover.matches("[data-bo-up]") ? -1 : 1);
      mover.focus();
    }
  });

  builder.addEventListener("submit", (event) => {
    if (event.submitter?.matches("[data-bo-plain]")) return; // leads to another page
    event.preventDefault();
    const form = event.target;
    const button = event.submitter;
    const url = button?.getAttribute("formaction") || form.action;
    const isOpenForm = form.matches("[data-bo-form]");
    if (isOpenForm) numberRows(form);
    const data = new FormData(form, button);
    if (button?.matches("[data-bo-confirm]")) button.closest("dialog").close();
    if (!isOpenForm && /\/remove\/$/.test(url) && openForm()?.closest("[data-step]")?.contains(button)) {
      if (!mayLeave()) return;
      typed = false;
    }
    inTurn(() => post(url, data, { keepForm: !isOpenForm, changed: true }));
  });

  builder.addEventListener("input", (event) => {
    const form = event.target.closest("[data-bo-form]");
    if (!form) return;
    typed = true;
    const step = form.closest("[data-step]")?.dataset.step;
    const value = (name) => form.elements.namedItem(`s-${name}`)?.value ?? "";
    if (step && /^s-(title|description)$/.test(event.target.name)) {
      previewTyped(step, { title: value("title"), description: value("description") });
    }
  });

  addEventListener("beforeunload", (event) => {
    if (typed) event.preventDefault();
  });

  // --- The order ----------------------------------------------------------------------------------

  const cards = () => [...builder.querySelectorAll("[data-bo-cards] > [data-step]")];

  /** What a card's place breaks, in words: nothing, or the rules about this kind of step. */
  function whyNot(card) {
    const kinds = cards().map((one) => one.dataset.kind);
    return rules
      .filter(({ first, later }) => [first, later].includes(card.dataset.kind))
      .filter(({ first, later }) => kinds.includes(first) && kinds.includes(later) && kinds.indexOf(first) > kinds.indexOf(later))
      .map(({ why }) => why)
      .filter((why, at, all) => all.indexOf(why) === at);
  }

  function explain(card) {
    const box = card.querySelector("[data-bo-why]");
    const why = whyNot(card);
    // Once the server has seen it, the card says so itself, with the remedy.
    box.hidden = why.length === 0 || card.matches(".bo-card-wrong");
    box.textContent = why.join(" ");
    const all = cards();
    announce([`“${card.dataset.title}” is step ${all.indexOf(card) + 1} of ${all.length}.`, ...why].join(" "));
  }

  function sendOrder(card) {
    const ids = cards().map((one) => one.dataset.step);
    const step = card.dataset.step;
    inTurn(() => {
      const form = builder.querySelector("[data-bo-move]");
      const data = new FormData(form);
      data.set("order", ids.join(","));
      return post(form.action, data, { keepForm: true, changed: true });
    }).then(() => {
      const again = builder.querySelector(`[data-step="${step}"]`);
      if (again) explain(again);
    });
  }

  // --- Rows inside a form -------------------------------------------------------------------------

  const sorted = new WeakMap();

  function rowsOf(list) {
    if (!sorted.has(list)) {
      const rows = () => [...list.children];
      sorted.set(
        list,
        makeSortable(list, {
          handle: "[data-bo-handle]",
          items: rows,
          dropped: (row) => {
            typed = true;
            announce(`Question ${rows().indexOf(row) + 1} of ${rows().length}.`);
          },
        }),
      );
    }
    return sorted.get(list);
  }

  function numberRows(form) {
    for (const list of form.querySelectorAll("[data-bo-rows-list]")) {
      [...list.querySelectorAll(":scope > * > [data-bo-order]")].forEach((input, at) => {
        input.value = String(at);
      });
    }
  }

  // --- Zip codes ----------------------------------------------------------------------------------

  const READ_AT_ONCE = 6;
  let waiting = 0;

  function readList(list) {
    const data = new FormData();
    data.append("text", list.value);
    return readZips(list.closest("[data-bo-row]"), data);
  }

  async function readZips(row, data) {
    const box = row.querySelector("[data-bo-zips-read]");
    data.append("csrfmiddlewaretoken", openForm().elements.csrfmiddlewaretoken.value);
    try {
      const response = await fetch(builder.dataset.zipsUrl, { method: "POST", body: data, credentials: "same-origin" });
      if (!response.ok) throw new Error(String(response.status));
      box.innerHTML = await response.text(); // our own server's fragment; what people wrote is escaped in it
    } catch {
      box.textContent = "This could not be read just now. Try again.";
    }
  }

  builder.addEventListener("input", (event) => {
    if (!event.target.matches("[data-bo-zips]")) return;
    clearTimeout(waiting);
    waiting = setTimeout(readList, 500, event.target);
  });

  // Before unfold sees it, whose own file fields show the name in a box beside them.
  builder.addEventListener("change", (event) => {
    if (!event.target.matches("[data-bo-zips-file]")) return;
    event.stopPropagation();
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    const row = event.target.closest("[data-bo-row]");
    if (file.size > 1_000_000) {
      row.querySelector("[data-bo-zips-read]").textContent = "The file is larger than 1 MB. Split it, or write ranges such as 80202-80211.";
      return;
    }
    const data = new FormData();
    data.append("file", file);
    readZips(row, data);
  }, { capture: true });

  builder.addEventListener("click", (event) => {
    const take = event.target.closest("[data-bo-zips-take]");
    if (!take) return;
    const row = take.closest("[data-bo-row]");
    const list = row.querySelector("[data-bo-zips]");
    const read = row.querySelector("[data-bo-zips-text]").value;
    const before = take.dataset.boZipsTake === "add" ? list.value.trim() : "";
    list.value = [before, read].filter(Boolean).join(", ");
    list.focus();
    list.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // --- Each time the page is shown ----------------------------------------------------------------

  function prepare() {
    document.dispatchEvent(new CustomEvent("formset:added")); // icon fields get their picker
    const list = builder.querySelector("[data-bo-cards]");
    if (list) makeSortable(list, { handle: ".bo-card-bar > [data-bo-handle]", items: cards, moved: explain, dropped: sendOrder, put: explain });
    for (const rows of builder.querySelectorAll("[data-bo-form] [data-bo-rows-list]")) rowsOf(rows);
    for (const list of [...builder.querySelectorAll("[data-bo-zips]")].slice(0, READ_AT_ONCE)) if (list.value) readList(list);
    const dialog = builder.querySelector("[data-bo-publish-dialog][open]");
    if (dialog) {
      dialog.removeAttribute("open");
      dialog.showModal();
    }
  }

  prepare();
})();
