import { beforeEach, describe, expect, it } from "vitest";
import type { BrandKit } from "../../src/api/types";
import { BrandForm } from "../../src/preview/brand";
import { contrast } from "../../src/theme/contrast";

const COLORS = {
  primary: "#0f5f8c", secondary: "#0b2536", accent: "#c2410c", surface: "#ffffff", text: "#0e1a24", muted: "#5c6b77", danger: "#b42318", success: "#177245",
};

/** The form as templates/backoffice/brand draws it. */
function markup(): string {
  const colors = Object.entries(COLORS).map(
    ([name, value]) => `<div data-color="color_${name}"><input type="color" value="${value}" data-color-pick>
      <input type="text" name="color_${name}" value="${value}" data-color-hex><p data-color-note></p></div>`,
  );
  return `<form><input name="name" value="Summer">${colors.join("")}
    <input type="range" name="radius_px" min="0" max="32" value="12"><output data-radius-says></output>
    <div data-font><select data-font-choice hidden><option value="Georgia, serif">Classic</option><option value="">Another…</option></select>
      <input name="font_family" value="Inter, sans-serif" data-font-stack></div>
    ${["light", "dark", "auto"].map((mode) => `<input type="radio" name="mode" value="${mode}" ${mode === "light" ? "checked" : ""}>`).join("")}
    <div data-logo><img src="/media/brand/logo.png"><input type="file" data-logo-file><input type="checkbox" data-logo-clear></div></form>
    <section data-preview></section><form data-brand-seen hidden><input type="radio" name="bo-brand-seen" value="light" checked>
      <input type="radio" name="bo-brand-seen" value="dark"></form><p data-brand-says></p><button data-brand-mend hidden></button>`;
}

let shown: BrandKit[];
let form: HTMLFormElement;
const find = <T extends Element>(selector: string): T => document.querySelector(selector) as T;
const hex = (name: string): HTMLInputElement => find(`[name="color_${name}"]`);
const note = (name: string): string => find(`[data-color="color_${name}"] [data-color-note]`).textContent ?? "";

function enter(input: HTMLInputElement | HTMLSelectElement, value: string): void {
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

beforeEach(() => {
  document.body.innerHTML = markup();
  shown = [];
  find<HTMLElement>("[data-preview]").addEventListener("preview:send", (event) => {
    shown.push((event as CustomEvent<{ brand_kit: BrandKit }>).detail.brand_kit);
  });
  form = find("form");
  new BrandForm(form);
});

describe("the brand kit's form", () => {
  it("shows each change in the preview at once", () => {
    enter(hex("primary"), "#7a1fa2");
    expect(shown.at(-1)?.colors.primary).toBe("#7a1fa2");
    enter(find("[name=radius_px]"), "28");
    expect(shown.at(-1)?.radius_px).toBe(28);
    expect(find("[data-radius-says]").textContent).toBe("28 px");
    enter(find("[data-font-choice]"), "Georgia, serif");
    expect(shown.at(-1)?.font_family).toBe("Georgia, serif");
  });

  it("keeps picker and code together, and understands codes without a hash", () => {
    enter(find('[data-color="color_accent"] [data-color-pick]'), "#aa3300");
    expect(hex("accent").value).toBe("#aa3300");
    enter(hex("accent"), "0a5");
    expect(hex("accent").value).toBe("#00aa55");
    expect(shown.at(-1)?.colors.accent).toBe("#00aa55");
  });

  it("shows the colour as it was while a code is half typed", () => {
    enter(hex("primary"), "#7a1");
    enter(hex("primary"), "#7a1fa");
    expect(shown.at(-1)?.colors.primary).toBe("#77aa11");
  });

  it("leaves other fonts free to be typed", () => {
    const stack = find<HTMLInputElement>("[data-font-stack]");
    expect(stack.hidden).toBe(false);
    enter(find("[data-font-choice]"), "Georgia, serif");
    expect(stack.hidden).toBe(true);
    expect(stack.value).toBe("Georgia, serif");
  });

  it("takes the logo away in the preview before it is gone", () => {
    expect(shown.at(-1)?.logo_url).toBe("/media/brand/logo.png");
    const clear = find<HTMLInputElement>("[data-logo-clear]");
    clear.checked = true;
    clear.dispatchEvent(new Event("change", { bubbles: true }));
    expect(shown.at(-1)?.logo_url).toBeNull();
  });
});

describe("a colour that cannot be made out", () => {
  beforeEach(() => enter(hex("muted"), "#aaaaaa"));

  it("says so in numbers, and keeps the form from being sent", () => {
    expect(note("muted")).toContain("2.3 to 1 on the surface, it needs 4.5.");
    expect(hex("muted").validationMessage).toContain("2.3");
    expect(find("[data-brand-says]").textContent).toBe("One colour cannot be made out.");
  });

  it("offers the nearest one that can, for one click", () => {
    find<HTMLButtonElement>('[data-suggestion="#767676"]').click();
    expect(hex("muted").value).toBe("#767676");
    expect(hex("muted").validationMessage).toBe("");
    expect(shown.at(-1)?.colors.muted).toBe("#767676");
    expect(find("[data-brand-says]").textContent).toBe("Every colour can be read.");
  });

  it("is mended with all others by one button", () => {
    enter(hex("primary"), "#ffd600");
    find<HTMLButtonElement>("[data-brand-mend]").click();
    expect([hex("muted").value, hex("primary").value]).toEqual(["#767676", "#af9300"]);
    expect(find<HTMLButtonElement>("[data-brand-mend]").hidden).toBe(true);
  });

  it("may come from another surface", () => {
    enter(hex("muted"), "#5c6b77");
    enter(hex("surface"), "#5c6b77");
    expect(find("[data-brand-says]").textContent).toMatch(/colours cannot be made out/);
  });
});

describe("light and dark", () => {
  const choose = (name: string, value: string): void => {
    const radio = find<HTMLInputElement>(`[name="${name}"][value="${value}"]`);
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  };

  it("shows the dark shades, which can be read", () => {
    choose("mode", "dark");
    const colors = shown.at(-1)?.colors;
    expect(colors?.surface).not.toBe("#ffffff");
    expect(contrast(colors?.text ?? "", colors?.surface ?? "")).toBeGreaterThan(4.5);
  });

  it("lets one look with the eyes of either device where it follows the visitor", () => {
    expect(find<HTMLElement>("[data-brand-seen]").hidden).toBe(true);
    choose("mode", "auto");
    expect(find<HTMLElement>("[data-brand-seen]").hidden).toBe(false);
    expect(shown.at(-1)?.colors.surface).toBe("#ffffff");
    choose("bo-brand-seen", "dark");
    expect(shown.at(-1)?.colors.surface).not.toBe("#ffffff");
  });
});
