import { describe, expect, it } from "vitest";
import { dayPartOf } from "../../src/engine/dayParts";

describe("a part of the day", () => {
  it.each([
    [null, null, "any"],
    [null, "11:59:00", "morning"],
    ["12:00:00", "16:59:00", "afternoon"],
    ["17:00", null, "evening"],
  ] as const)("is known by its limits %s and %s", (earliest, latest, part) => {
    expect(dayPartOf(earliest, latest)).toBe(part);
  });
  it("is none of ours where somebody set other limits", () => {
    expect(dayPartOf("09:30:00", "16:59:00")).toBeNull();
  });
});
