import { beforeAll, describe, expect, it } from "vitest";
import { speak, translator } from "../../src/i18n";
import da from "../../src/i18n/da";
import daLater from "../../src/i18n/da-later";
import daPages from "../../src/i18n/da-pages";
import { en } from "../../src/i18n/en";
import { enLater } from "../../src/i18n/en-later";
import { enPages } from "../../src/i18n/en-pages";
import "../../src/i18n/english-later";
import { FIRST } from "../../src/i18n/first";
import { formatter } from "../../src/i18n/format";
import { LATER } from "../../src/i18n/later";
import type { Keys, Text, Translated } from "../../src/i18n/messages";

const ENGLISH: Record<string, Text> = { ...en, ...enLater, ...enPages };
const DANISH: Record<string, Text> = { ...da, ...daLater, ...daPages };
const formsOf = (text: Text | undefined): string[] => (typeof text === "object" ? [text.one, text.other] : [text ?? ""]);
/** The same in both languages, as people in Denmark say it. */
const SHARED = new Set(["you.email", "done.google", "done.outlook", "page.waitsDays", "summary.book"]);

describe("the Danish texts", () => {
  it("are there for every key, and for no other", () => {
    expect(Object.keys(DANISH).sort()).toEqual(Object.keys(ENGLISH).sort());
  });
  it.each(Object.keys(ENGLISH))("of %s are Danish, and take the same values", (key) => {
    const names = (text: Text | undefined) => new Set(formsOf(text).flatMap((form) => form.match(/\{\w+\}/g) ?? []));
    expect(names(DANISH[key])).toEqual(names(ENGLISH[key]));
    if (!SHARED.has(key)) expect(DANISH[key]).not.toEqual(ENGLISH[key]);
  });
});

describe("the types", () => {
  // Each of these must stay an error: were one accepted, `false` would not fit, and the type check would fail.
  type Fits<Other extends Keys<English>> = Other extends Translated<English, Other> ? true : false;
  type English = { greeting: "Hello {name}"; left: { one: "{count} day"; other: "{count} days" } };
  type HasAllKeys<Other> = Other extends Keys<English> ? true : false;

  it("refuse a text that is missing, that lacks a value, or that wants one more", () => {
    const fits: Fits<{ greeting: "Hej {name}"; left: "{count} dage" }> = true;
    const missing: HasAllKeys<{ greeting: "Hej {name}" }> = false;
    const lacks: Fits<{ greeting: "Hej"; left: "{count} dage" }> = false;
    const more: Fits<{ greeting: "Hej {name} {age}"; left: "{count} dage" }> = false;
    expect([fits, missing, lacks, more]).toEqual([true, false, false, false]);
  });
});

describe("a text", () => {
  beforeAll(async () => {
    await speak("da", FIRST, LATER);
  });
  const danish = translator("da");
  const english = translator("en");

  it("is filled with its values", () => {
    expect(danish("zip.inside", { zip: "2200" })).toBe("Ja, vi kommer i 2200");
    expect(english("zip.inside", { zip: "80205" })).toBe("Yes, we serve 80205");
  });
  it("counts as its language does", () => {
    expect([1, 2].map((count) => danish("visit.count", { count }))).toEqual(["1 ydelse i dit besøg", "2 ydelser i dit besøg"]);
    expect([0, 1, 2].map((count) => english("details.left", { count }))).toEqual(["0 characters left", "1 character left", "2 characters left"]);
    expect(danish("details.left", { count: 1 })).toBe("1 tegn tilbage");
  });
  it("knows its language", () => {
    expect([danish.language, english.language]).toEqual(["da", "en"]);
  });
});

describe("dates, times and prices", () => {
  const noon = "2026-12-01T11:00:00Z";
  const here = "Europe/Copenhagen";

  it("are in the language of the texts, as the business's country writes them", () => {
    const danish = formatter("en-DK", translator("da"));
    expect(danish.locale).toBe("da-DK");
    expect(danish.day(noon, here)).toBe("tirsdag 1. december");
    expect(danish.short(noon, here)).toBe("tirsdag kl. 12.00");
    expect(danish.price("345.00", "DKK")).toBe("345\u00a0kr.");
    expect([danish.length(20), danish.length(60), danish.length(120), danish.length(75)]).toEqual(["20 min.", "1 time", "2 timer", "1 t. 15 min."]);
    expect(danish.weekdays(1)[0]?.long).toBe("mandag");
  });
  it("stay the business's own where it writes in that language", () => {
    expect(formatter("en-US", translator("en")).short(noon, "America/Denver")).toMatch(/^Tuesday 4:00\sAM$/);
    expect(formatter("en-GB", translator("en")).locale).toBe("en-GB");
  });
  it("do without a locale that nobody knows", () => {
    expect(formatter("?", translator("da")).locale).toBe("da");
  });
});
