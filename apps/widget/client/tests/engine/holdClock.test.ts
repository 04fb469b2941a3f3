import { describe, expect, it } from "vitest";
import { countdown, inLastMinute, remaining, skew, untilNextChange } from "../../src/engine/holdClock";

const SERVER = "2026-12-01T10:00:00Z";
const EXPIRES = "2026-12-01T10:05:00Z";
const at = (text: string): number => Date.parse(text);

describe("the hold's clock", () => {
  it("counts by the server's time when the device is ten minutes slow", () => {
    const device = at("2026-12-01T09:50:00Z");
    expect(remaining(EXPIRES, skew(SERVER, device), device)).toBe(300_000);
  });
  it("never goes below zero", () => {
    expect(remaining(EXPIRES, 0, at("2026-12-01T11:00:00Z"))).toBe(0);
  });
  it("counts down only in the last minute", () => {
    expect(inLastMinute(60_001)).toBe(false);
    expect(inLastMinute(60_000)).toBe(true);
    expect(inLastMinute(0)).toBe(false);
  });
  it("shows seconds with two digits", () => {
    expect(countdown(60_000)).toBe("1:00");
    expect(countdown(8_200)).toBe("0:09");
  });
  it("wakes at the last minute, then every second", () => {
    expect(untilNextChange(300_000)).toBe(240_000);
    expect(untilNextChange(59_400)).toBe(400);
    expect(untilNextChange(59_000)).toBe(1000);
  });
});
