import { describe, expect, it } from "vitest";
import { googleLink, icsFile, outlookLink, type CalendarEntry } from "../../src/engine/calendarLinks";

const entry: CalendarEntry = {
  id: "b1",
  title: "Cut, wash; colour",
  description: "Reference: WB-1\n(303) 555-0142",
  location: "Nørrebrogade 1, København – a long way to go through the city and out again",
  startAt: "2026-12-01T10:00:00+01:00",
  endAt: "2026-12-01T11:00:00+01:00",
};

describe("the calendar file", () => {
  const file = icsFile(entry, new Date("2026-11-20T00:00:00Z"));
  it("speaks UTC", () => expect(file).toContain("DTSTART:20261201T090000Z\r\n"));
  it("escapes what would end a value", () => expect(file).toContain("SUMMARY:Cut\\, wash\\; colour"));
  it("folds lines at 75 octets, between characters", () => {
    for (const line of file.split("\r\n")) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    expect(file.replace(/\r\n /g, "")).toContain("København");
  });
});

describe("the calendar links", () => {
  it("carry the same hour", () => {
    expect(new URL(googleLink(entry)).searchParams.get("dates")).toBe("20261201T090000Z/20261201T100000Z");
    expect(new URL(outlookLink(entry)).searchParams.get("startdt")).toBe("2026-12-01T09:00:00.000Z");
  });
});
