import type { BrandColors, BrandKit } from "../api/types";
import { contrast, inkOn, parseHex } from "../theme/contrast";
import { darkShades, LEAST, nearestReadable, ratioInWords, unreadable, type Checked } from "../theme/shades";
import type { ToFrame } from "./protocol";

/*
 * The brand kit's form in the back office (templates/backoffice/brand): what is chosen shows in the preview beside it at
 * once, and each colour says how well it can be read. The server checks the same again when the form is saved.
 */

const NAMES: readonly (keyof BrandColors)[] = ["primary", "secondary", "accent", "surface", "text", "muted", "danger", "success"];

interface ColorField {
  box: HTMLElement;
  pick: HTMLInputElement;
  hex: HTMLInputElement;
  note: HTMLElement;
}

export class BrandForm {
  private readonly colors: Record<keyof BrandColors, ColorField>;
  private readonly panel: HTMLElement | null;
  private logoUrl: string | null;

  constructor(private readonly form: HTMLFormElement, private readonly page: Document = document) {
    this.colors = Object.fromEntries(NAMES.map((name) => [name, this.colorField(name)])) as Record<keyof BrandColors, ColorField>;
    this.panel = page.querySelector<HTMLElement>("[data-preview]");
    this.logoUrl = this.savedLogo();
    this.fontChoice();
    form.addEventListener("input", (event) => this.changed(event.target));
    form.addEventListener("change", (event) => this.changed(event.target));
    page.querySelector("[data-brand-seen]")?.addEventListener("change", () => this.show());
    page.querySelector("[data-brand-mend]")?.addEventListener("click", () => this.mend());
    // What the frame shows first is what is saved; a form that was refused holds something else.
    this.panel?.addEventListener("preview:shown", () => this.show());
    this.update();
  }

  /** The kit as it stands in the form; a colour that is half typed counts as it was before. */
  kit(): BrandKit {
    const chosen = this.chosen();
    const worn = this.seenDark() ? darkShades(chosen) : chosen;
    return {
      name: this.value("name"),
      logo_url: this.logoUrl,
      colors: worn,
      radius_px: Number(this.value("radius_px")),
      font_family: this.value("font_family"),
      mode: this.mode(),
    };
  }

  private colorField(name: string): ColorField {
    const box = this.find<HTMLElement>(`[data-color="color_${name}"]`);
    const find = <T extends HTMLElement>(part: string): T => {
      const found = box.querySelector<T>(`[data-color-${part}]`);
      if (!found) throw new Error(`The colour ${name} has no ${part}.`);
      return found;
    };
    return { box, pick: find("pick"), hex: find("hex"), note: find("note") };
  }

  private changed(target: EventTarget | null): void {
    if (!(target instanceof HTMLElement)) return;
    const field = target.closest<HTMLElement>("[data-color]");
    const name = field?.dataset.color?.replace("color_", "") as keyof BrandColors | undefined;
    if (name && target === this.colors[name].pick) this.colors[name].hex.value = this.colors[name].pick.value;
    if (name && target === this.colors[name].hex) this.typed(this.colors[name]);
    if (target.closest("[data-logo]")) this.logoUrl = this.wantedLogo();
    this.update();
  }

  /** "1f6feb" and "#18f" are colours, too. */
  private typed({ hex, pick }: ColorField): void {
    const text = hex.value.trim();
    const rgb = parseHex(text.startsWith("#") ? text : `#${text}`);
    if (rgb) pick.value = `#${rgb.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
    // While somebody types, "#12a" may still become "#12ab34": written out only once they leave.
    if (rgb && this.page.activeElement !== hex) hex.value = pick.value;
  }

  private chosen(): BrandColors {
    return Object.fromEntries(NAMES.map((name) => [name, this.colors[name].pick.value])) as unknown as BrandColors;
  }

  private update(): void {
    const says = this.form.querySelector("[data-radius-says]");
    if (says) says.textContent = `${this.value("radius_px")} px`;
    this.judge();
    this.show();
  }

  private show(): void {
    const seen = this.page.querySelector<HTMLElement>("[data-brand-seen]");
    if (seen) seen.hidden = this.mode() !== "auto";
    const message: ToFrame = { type: "brand", brand_kit: this.kit() };
    this.panel?.dispatchEvent(new CustomEvent("preview:send", { detail: message }));
  }

  // --- What can be read -----------------------------------------------------------------------------

  private judge(): void {
    const colors = this.chosen();
    const wrong = new Set(unreadable(colors).map((one) => one.name));
    for (const name of Object.keys(LEAST) as Checked[]) this.say(name, colors, wrong.has(name));
    this.colors.surface.note.textContent = `${inkOn(colors.surface) === "#ffffff" ? "A dark" : "A light"} ground; the others are measured on it.`;
    const says = this.page.querySelector("[data-brand-says]");
    const mend = this.page.querySelector<HTMLElement>("[data-brand-mend]");
    const count = wrong.size;
    if (says) says.textContent = count === 0 ? "Every colour can be read." : `${count === 1 ? "One colour" : `${count} colours`} cannot be made out.`;
    says?.classList.toggle("bo-unreadable", count > 0);
    if (mend) mend.hidden = count === 0;
  }

  private say(name: Checked, colors: BrandColors, wrong: boolean): void {
    const { box, hex, note } = this.colors[name];
    const ratio = ratioInWords(contrast(colors[name], colors.surface));
    const least = ratioInWords(LEAST[name]);
    box.classList.toggle("bo-unreadable", wrong);
    // The browser then refuses to send the form, and the chosen file is not lost.
    hex.setCustomValidity(wrong ? `Its contrast on the surface is ${ratio}; it needs ${least}.` : "");
    if (!wrong) {
      const words = name === "primary" ? `, ${inkOn(colors.primary) === "#ffffff" ? "white" : "black"} words on it` : "";
      note.textContent = `${ratio} to 1 on the surface${words}`;
      return;
    }
    const better = nearestReadable(colors[name], colors.surface, LEAST[name]);
    const button = this.page.createElement("button");
    button.type = "button";
    button.className = "bo-suggestion";
    button.dataset.suggestion = better;
    const swatch = this.page.createElementNS("http://www.w3.org/2000/svg", "svg");
    swatch.setAttribute("viewBox", "0 0 12 12");
    swatch.setAttribute("aria-hidden", "true");
    const dot = this.page.createElementNS("http://www.w3.org/2000/svg", "circle");
    for (const [key, value] of Object.entries({ cx: "6", cy: "6", r: "6", fill: better })) dot.setAttribute(key, value);
    swatch.append(dot);
    button.append(swatch, ` Use ${better}`);
    button.addEventListener("click", () => this.take(name, better));
    note.replaceChildren(`${ratio} to 1 on the surface, it needs ${least}. `, button);
  }

  private take(name: Checked, color: string): void {
    const { hex, pick } = this.colors[name];
    hex.value = color;
    pick.value = color;
    // The button is gone with its reason: stay at the colour.
    hex.focus();
    this.update();
  }

  private mend(): void {
    for (const { name, suggestion } of unreadable(this.chosen())) {
      this.colors[name].hex.value = suggestion;
      this.colors[name].pick.value = suggestion;
    }
    this.update();
  }

  // --- Shape, type, logo ----------------------------------------------------------------------------

  private mode(): string {
    const chosen = this.form.querySelector<HTMLInputElement | HTMLSelectElement>("[name=mode]:checked, select[name=mode]");
    return chosen?.value ?? "light";
  }

  private seenDark(): boolean {
    const dark = this.page.querySelector<HTMLInputElement>('[name="bo-brand-seen"][value="dark"]')?.checked ?? false;
    return this.mode() === "dark" || (this.mode() === "auto" && dark);
  }

  private fontChoice(): void {
    const box = this.form.querySelector<HTMLElement>("[data-font]");
    const choice = box?.querySelector<HTMLSelectElement>("[data-font-choice]");
    const stack = box?.querySelector<HTMLInputElement>("[data-font-stack]");
    if (!choice || !stack) return;
    for (const option of choice.options) if (option.value) option.style.fontFamily = option.value;
    choice.hidden = false;
    choice.value = stack.value;
    if (choice.selectedIndex < 0) choice.value = "";
    stack.hidden = choice.value !== "";
    choice.addEventListener("change", () => {
      stack.hidden = choice.value !== "";
      if (choice.value) stack.value = choice.value;
      else stack.focus();
    });
  }

  private savedLogo(): string | null {
    return this.form.querySelector<HTMLImageElement>("[data-logo] img")?.getAttribute("src") ?? null;
  }

  /** What was chosen just now, else what is saved, unless it is to go. */
  private wantedLogo(): string | null {
    const file = this.form.querySelector<HTMLInputElement>("[data-logo-file]")?.files?.[0];
    const clear = this.form.querySelector<HTMLInputElement>("[data-logo-clear]")?.checked ?? false;
    if (this.logoUrl?.startsWith("blob:")) URL.revokeObjectURL(this.logoUrl);
    if (file) return URL.createObjectURL(file);
    return clear ? null : this.savedLogo();
  }

  private value(name: string): string {
    return this.find<HTMLInputElement>(`[name="${name}"]`).value;
  }

  private find<T extends Element>(selector: string): T {
    const found = this.form.querySelector<T>(selector);
    if (!found) throw new Error(`The form has no ${selector}.`);
    return found;
  }
}
