import { describe, expect, it } from "vitest";
import { contrast, inkOn, readableOn } from "../../src/theme/contrast";
import { themeCss } from "../../src/theme/theme";
import { resolved } from "../support/flow";

describe("contrast", () => {
  it("is 21 between black and white and 1 between equals", () => {
    expect(contrast("#000", "#ffffff")).toBeCloseTo(21);
    expect(contrast("#123456", "#123456")).toBe(1);
  });
  it("puts black on yellow and white on navy", () => {
    expect(inkOn("#ffd600")).toBe("#000000");
    expect(inkOn("#0b2536")).toBe("#ffffff");
  });
  it.each(["#ffd600", "#e8772e", "#cccccc", "#0f5f8c"])("makes %s readable on white and on near-black", (color) => {
    expect(contrast(readableOn("#ffffff", color), "#ffffff")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(readableOn("#101418", color), "#101418")).toBeGreaterThanOrEqual(4.5);
  });
  it("leaves a colour that reads already", () => expect(readableOn("#ffffff", "#0f5f8c")).toBe("#0f5f8c"));
});

describe("the theme", () => {
  const kit = resolved().brand_kit;
  it("becomes variables", () => {
    const css = themeCss(kit);
    expect(css).toContain("--primary:#0f5f8c");
    expect(css).toContain("--on-primary:#ffffff");
    expect(css).toContain("--radius:12px");
  });
  it("changes with the visitor's device where the kit has dark colours", () => {
    const css = themeCss({ ...kit, dark_colors: { ...kit.colors, surface: "#101418", text: "#f0f2f5" } });
    expect(css).toMatch(/^:host\{--primary:#0f5f8c.*color-scheme:light\}@media\(prefers-color-scheme:dark\)\{:host\{.*--surface:#101418.*color-scheme:dark\}\}$/);
    expect(themeCss({ ...kit, dark_colors: null })).not.toContain("@media");
  });
  it("does not let a value end the rule", () => {
    const evil = { ...kit, font_family: "x;} *{display:none", colors: { ...kit.colors, primary: "red;} *{display:none" } };
    expect(themeCss(evil)).not.toContain("display:none");
  });
  it("knows a dark surface", () => {
    expect(themeCss({ ...kit, colors: { ...kit.colors, surface: "#101418" } })).toContain("color-scheme:dark");
  });
});
