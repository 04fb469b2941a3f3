// The list of icons behind every icon field: search, arrow keys, Enter, Escape. Without it, the field is a text input.
"use strict";

(() => {
  const PORTION = 240;
  const files = new Map();
  let open = null;

  const load = (url) => {
    if (!files.has(url)) {
      const asked = fetch(url).then((answer) => {
        if (!answer.ok) throw new Error(`icons: ${answer.status}`);
        return answer.json();
      });
      asked.catch(() => files.delete(url));
      files.set(url, asked);
    }
    return files.get(url);
  };

  const svg = (path) => {
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    picture.setAttribute("viewBox", "0 0 24 24");
    picture.setAttribute("aria-hidden", "true");
    picture.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
    picture.firstChild.setAttribute("d", path);
    return picture;
  };

  // Whole words first, then beginnings, then anything inside; what people call it counts like its name.
  const found = ({ icons, meanings }, text) => {
    const names = Object.keys(icons);
    const words = text.toLowerCase().split(/[\s-]+/).filter(Boolean);
    if (!words.length) return names;
    const meant = new Set(words.flatMap((word) => Object.keys(meanings).filter((key) => key.startsWith(word) && word.length > 1).flatMap((key) => meanings[key])));
    const rank = (name) => {
      const parts = name.split("-");
      if (words.every((word) => parts.includes(word))) return meant.has(name) ? 0 : 1;
      if (meant.has(name)) return 2;
      if (words.every((word) => parts.some((part) => part.startsWith(word)))) return 3;
      return words.every((word) => name.includes(word)) ? 4 : 5;
    };
    const ranked = names.map((name) => [rank(name), name]).filter(([place]) => place < 5);
    return ranked.sort((a, b) => a[0] - b[0] || a[1].length - b[1].length || (a[1] < b[1] ? -1 : 1)).map(([, name]) => name);
  };

  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  class Picker {
    constructor(field) {
      this.field = field;
      this.input = field.querySelector("[data-icon-input]");
      this.button = field.querySelector("[data-icon-open]");
      const id = `icons-${this.input.id || this.input.name}`;
      this.search = make("input", {
        type: "search", role: "combobox", "aria-label": "Search icons", "aria-controls": `${id}-list`, "aria-expanded": "true",
        "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", placeholder: "Search, such as flame, water, hair",
      });
      this.list = make("div", { id: `${id}-list`, role: "listbox", "aria-label": "Icons", class: "bo-icon-grid", tabindex: "-1" });
      this.said = make("span", { class: "bo-icon-said", role: "status" });
      this.none = make("button", { type: "button", class: "bo-icon-none" }, "No icon");
      this.panel = make("div", { popover: "auto", role: "dialog", "aria-label": "Choose an icon", class: "bo-icon-panel" },
        this.search, this.list, make("div", { class: "bo-icon-foot" }, this.said, this.none));
      field.append(this.panel);
      this.listen();
    }

    listen() {
      this.search.addEventListener("input", () => this.show());
      this.search.addEventListener("keydown", (event) => this.key(event));
      this.list.addEventListener("scroll", () => this.more());
      this.list.addEventListener("pointerdown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this.choose(option.dataset.name);
      });
      this.list.addEventListener("pointermove", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this.mark(Number(option.dataset.index), false);
      });
      this.none.addEventListener("click", () => this.choose(""));
      this.panel.addEventListener("toggle", (event) => {
        const shown = event.newState === "open";
        this.button.setAttribute("aria-expanded", String(shown));
        open = shown ? this : null;
        if (!shown && this.panel.contains(document.activeElement)) this.button.focus();
      });
    }

    async open() {
      this.panel.showPopover();
      this.place();
      this.search.value = "";
      this.search.focus();
      this.list.replaceChildren(make("p", { class: "bo-icon-wait" }, "One moment …"));
      try {
        this.all = await load(this.field.dataset.iconsUrl);
        this.show(this.input.value);
      } catch {
        this.list.replaceChildren(make("p", { class: "bo-icon-wait" }, "The icons could not be loaded. Close this and try again."));
      }
    }

    // Below the field where there is room, else above it.
    place() {
      const box = this.button.getBoundingClientRect();
      const { width, height } = this.panel.getBoundingClientRect();
      const below = box.bottom + 6 + height <= innerHeight || box.top - 6 - height < 0;
      this.panel.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
      this.panel.style.top = `${below ? Math.min(box.bottom + 6, Math.max(8, innerHeight - height - 8)) : box.top - 6 - height}px`;
    }

    show(chosen = "") {
      if (!this.all) return;
      this.names = found(this.all, this.search.value);
      this.list.replaceChildren();
      this.active = -1;
      this.list.scrollTop = 0;
      if (!this.names.length) {
        this.list.append(make("p", { class: "bo-icon-wait" }, "No icon is called that. Try what it would show."));
        this.said.textContent = "Nothing found";
        this.search.removeAttribute("aria-activedescendant");
        return;
      }
      const at = this.names.indexOf(chosen);
      while (this.list.childElementCount < Math.min(this.names.length, Math.max(PORTION, at + 1))) this.draw();
      this.mark(Math.max(0, at), true);
    }

    draw() {
      const from = this.list.childElementCount;
      for (const [offset, name] of this.names.slice(from, from + PORTION).entries()) {
        const option = make("div", {
          role: "option", id: `${this.list.id}-${from + offset}`, "data-index": from + offset, "data-name": name, title: name,
          "aria-label": name.replaceAll("-", " "), "aria-selected": String(name === this.input.value),
        }, svg(this.all.icons[name]));
        this.list.append(option);
      }
    }

    more() {
      const { scrollTop, clientHeight, scrollHeight } = this.list;
      if (this.names && scrollTop + clientHeight > scrollHeight - 200 && this.list.childElementCount < this.names.length) this.draw();
    }

    mark(index, scroll) {
      if (index === this.active) return;
      while (index >= this.list.childElementCount && this.list.childElementCount < this.names.length) this.draw();
      this.list.children[this.active]?.removeAttribute("data-active");
      this.active = index;
      const option = this.list.children[index];
      option.setAttribute("data-active", "");
      this.search.setAttribute("aria-activedescendant", option.id);
      this.said.textContent = option.dataset.name;
      if (scroll) option.scrollIntoView({ block: "nearest" });
    }

    columns() {
      return Math.max(1, getComputedStyle(this.list).gridTemplateColumns.split(" ").length);
    }

    key(event) {
      if (event.key === "Escape") {
        // Else the browser only empties the search.
        event.preventDefault();
        this.close();
        return;
      }
      if (event.key === "Enter") {
        event.preventDefault();
        if (this.active >= 0) this.choose(this.names[this.active]);
        return;
      }
      const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: this.columns(), ArrowUp: -this.columns(), PageDown: this.columns() * 4, PageUp: -this.columns() * 4 };
      const step = steps[event.key];
      if (step === undefined || this.active < 0) return;
      event.preventDefault();
      this.mark(Math.max(0, Math.min(this.names.length - 1, this.active + step)), true);
    }

    // The browser tells of it later than somebody quick can ask for the list again.
    close() {
      this.panel.hidePopover();
      open = null;
      this.button.focus();
    }

    choose(name) {
      this.input.value = name;
      show(this.field, name, this.all?.icons[name] ?? "");
      this.close();
      this.input.dispatchEvent(new Event("input", { bubbles: true }));
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  const show = (field, name, path) => {
    field.querySelector("[data-icon-path]").setAttribute("d", path);
    field.querySelector("[data-icon-name]").textContent = name || "No icon";
    label(field, name);
  };

  const label = (field, name) => {
    const input = field.querySelector("[data-icon-input]");
    const words = input.id && document.querySelector(`label[for="${input.id}"]`);
    const said = `${words ? words.textContent.trim() : "Icon"}: ${name ? name.replaceAll("-", " ") : "no icon"}. Choose`;
    field.querySelector("[data-icon-open]").setAttribute("aria-label", said);
  };

  const dress = (field) => {
    if (field.dataset.iconReady || !("popover" in HTMLElement.prototype)) return;
    field.dataset.iconReady = "yes";
    const input = field.querySelector("[data-icon-input]");
    const button = field.querySelector("[data-icon-open]");
    label(field, input.value);
    input.type = "hidden";
    button.hidden = false;
  };
  const dressAll = () => document.querySelectorAll("[data-icon-field]").forEach((field) => {
    if (!field.querySelector("[name*='__prefix__']")) dress(field);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-icon-open]");
    if (!button) return;
    const field = button.closest("[data-icon-field]");
    field.iconPicker ??= new Picker(field);
    if (open === field.iconPicker) return;
    void field.iconPicker.open();
  });
  document.addEventListener("formset:added", dressAll);
  addEventListener("resize", () => open?.place());
  addEventListener("scroll", (event) => {
    if (open && event.target !== open.list) open.place();
  }, { capture: true, passive: true });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", dressAll);
  else dressAll();
})();
