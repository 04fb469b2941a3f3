import { describe, expect, it } from "vitest";
import { bookingReducer, EMPTY_BOOKING, type BookingState } from "../../src/app/bookingReducer";
import "../../src/app/laterReducer";
import { navigationReducer, nextIndex, START } from "../../src/app/navigationReducer";

const DENVER = { id: "denver", name: "Denver" };
const time = { startAt: "2026-12-01T16:00:00Z", endAt: "2026-12-01T17:00:00Z", resource: null, wishedId: null, timezone: "America/Denver", lines: null };
const held: BookingState = {
  ...EMPTY_BOOKING,
  zip: "80202",
  location: DENVER,
  serviceId: "drain",
  path: ["a-drain"],
  date: "2026-12-01",
  time,
  hold: { status: "held", id: "h1", expiresAt: "2026-12-01T10:00:00Z", skewMs: 0 },
};

describe("the booking", () => {
  it("keeps the time when the zip code changes within the area", () => {
    expect(bookingReducer(held, { type: "zip_typed", zip: "80203", location: DENVER }).time).toBe(time);
  });
  it("frees the time when another location serves the zip code", () => {
    const moved = bookingReducer(held, { type: "zip_typed", zip: "85003", location: { id: "phoenix", name: "Phoenix" } });
    expect(moved.time).toBeNull();
    expect(moved.hold.status).toBe("none");
  });
  it("keeps the time while a question is looked at again", () => {
    expect(bookingReducer(held, { type: "path_picked", path: [], serviceId: null }).time).toBe(time);
  });
  it("frees the time when another service is chosen", () => {
    expect(bookingReducer(held, { type: "path_picked", path: ["x"], serviceId: "heater" }).time).toBeNull();
  });
  it("remembers the time when its hold ends, to ask for it again", () => {
    const ended = bookingReducer(held, { type: "hold_expired" });
    expect(ended.hold).toEqual({ status: "expired" });
    expect(ended.time).toBe(time);
  });
  it("takes the server's objection away when the field is typed in again", () => {
    const refused = bookingReducer(held, { type: "input_refused", refused: { phone: "No." } });
    expect(bookingReducer(refused, { type: "customer_typed", field: "phone", value: "1" }).refused.phone).toBeUndefined();
  });
});

describe("the navigation", () => {
  const atSummary = { ...START, index: 5 };
  it("goes one step back and never before the first", () => {
    expect(navigationReducer(START, { type: "back" }).index).toBe(0);
    expect(navigationReducer(atSummary, { type: "back" })).toMatchObject({ index: 4, direction: "back" });
  });
  it("goes straight on", () => expect(nextIndex({ ...START, index: 1 }, () => true, 6)).toBe(2));
  it("returns to the summary after an edit that left nothing open", () => {
    const editing = navigationReducer(atSummary, { type: "edit", to: 1 });
    expect(nextIndex(editing, () => false, 6)).toBe(5);
  });
  it("stops on the way at what the edit made incomplete", () => {
    const editing = navigationReducer(atSummary, { type: "edit", to: 1 });
    expect(nextIndex(editing, (index) => index === 3, 6)).toBe(3);
  });
  it("remembers for a step what it wants to find again", () => {
    expect(navigationReducer(START, { type: "remembered", stepId: "t", memento: { month: "2026-12" } }).mementos).toEqual({ t: { month: "2026-12" } });
  });
});
