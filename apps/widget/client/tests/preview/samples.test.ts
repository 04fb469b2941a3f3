import { describe, expect, it, vi } from "vitest";
import { sampleDay, sampleMonth } from "../../src/preview/samples";

describe("made-up times", () => {
  it.each([
    ["America/Denver", "2030-01-16T15:00:00.000Z"],
    ["Europe/Copenhagen", "2030-01-16T07:00:00.000Z"],
    ["Asia/Dubai", "2030-01-16T04:00:00.000Z"],
  ])("begin at eight by the clocks of %s", (zone, start) => {
    vi.setSystemTime("2030-01-10T12:00:00Z");
    expect(sampleDay("2030-01-16", zone, 60).timeslots[0]).toMatchObject({ start_at: start, day_part: "morning" });
    vi.useRealTimers();
  });
  it("are on weekdays to come", () => {
    vi.setSystemTime("2030-01-10T12:00:00Z");
    const { days, next_available_date: next } = sampleMonth("2030-01", "America/Denver");
    const open = days.filter((day) => day.available > 0).map((day) => day.date);
    expect(open).toHaveLength(15);
    expect(next).toBe("2030-01-11");
    expect(open.every((date) => ![0, 6].includes(new Date(date).getUTCDay()))).toBe(true);
    vi.useRealTimers();
  });
  it("find their way into the next month at the end of one", () => {
    vi.setSystemTime("2030-01-31T20:00:00Z");
    expect(sampleMonth("2030-01", "America/Denver").next_available_date).toBe("2030-02-01");
    vi.useRealTimers();
  });
});
