import { afterEach, describe, expect, it, vi } from "vitest";
import { languageOf, pageLanguage } from "../../src/i18n/languages";

/** A page in a language, in a browser whose owner reads these. */
function page(lang: string, ...browser: string[]): void {
  document.documentElement.lang = lang;
  vi.spyOn(navigator, "languages", "get").mockReturnValue(browser);
}
afterEach(() => {
  document.documentElement.removeAttribute("lang");
  vi.restoreAllMocks();
});

describe("a language", () => {
  it.each([
    ["da", "da"],
    ["da-DK", "da"],
    ["DA_dk", "da"],
    ["en-GB", "en"],
  ])("of the tag %s is %s", (tag, language) => expect(languageOf(tag)).toBe(language));
  it.each(["", null, undefined, "de", "dav", "enm", "x-da"])("is not to be had for %s", (tag) => expect(languageOf(tag)).toBeNull());
});

describe("what a page's visitor reads", () => {
  it("is what the snippet asks for, whatever else there is", () => {
    page("en", "en-US");
    expect(pageLanguage("da")).toBe("da");
  });
  it("is the page's own language before the browser's", () => {
    page("da-DK", "en-US");
    expect(pageLanguage(null)).toBe("da");
  });
  it("is the first of the browser's that there is, where the page says none", () => {
    page("", "fo", "da-DK", "en");
    expect(pageLanguage(null)).toBe("da");
  });
  it("passes over what the widget does not speak", () => {
    page("sv", "nb", "en");
    expect(pageLanguage("de")).toBe("en");
  });
  it("is left to the business where nobody says", () => {
    page("", "fr");
    expect(pageLanguage(null)).toBeNull();
  });
});
