import { describe, expect, it } from "vitest";
import { addDays, addMonths, firstDayOfWeek, monthGrid, today } from "../../src/engine/monthGrid";

const row = (month: string, firstDay: number, index: number): (number | null)[] =>
  (monthGrid(month, firstDay)[index] ?? []).map((cell) => cell?.day ?? null);

describe("monthGrid", () => {
  it("puts 1 December 2026, a Tuesday, under Tuesday when weeks begin on Sunday", () => {
    expect(row("2026-12", 7, 0)).toEqual([null, null, 1, 2, 3, 4, 5]);
  });
  it("and when they begin on Monday", () => {
    expect(row("2026-12", 1, 0)).toEqual([null, 1, 2, 3, 4, 5, 6]);
  });
  it("has 29 days in a leap February", () => {
    expect(monthGrid("2028-02", 1).flat().filter(Boolean)).toHaveLength(29);
  });
  it("has exactly four weeks for a February that fits", () => {
    expect(monthGrid("2027-02", 1)).toHaveLength(4);
  });
});

describe("date arithmetic", () => {
  it("crosses a change of summer time without losing a day", () => {
    expect(addDays("2026-03-07", 1)).toBe("2026-03-08");
    expect(addDays("2026-03-08", 1)).toBe("2026-03-09");
  });
  it("turns the year", () => {
    expect(addMonths("2026-12", 1)).toBe("2027-01");
    expect(addMonths("2026-01", -1)).toBe("2025-12");
  });
  it("knows that it is already tomorrow elsewhere", () => {
    const late = new Date("2026-12-01T23:30:00Z");
    expect(today("America/Denver", late)).toBe("2026-12-01");
    expect(today("Europe/Copenhagen", late)).toBe("2026-12-02");
  });
});

describe("firstDayOfWeek", () => {
  it("is Sunday in the United States and Monday in Denmark", () => {
    expect(firstDayOfWeek("en-US")).toBe(7);
    expect(firstDayOfWeek("da-DK")).toBe(1);
  });
});
