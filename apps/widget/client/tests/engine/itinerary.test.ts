import { describe, expect, it } from "vitest";
import { itinerarySteps, peopleIn } from "../../src/engine/itinerary";
import { totalOf } from "../../src/steps/visitServices";

const line = (service: string, person: string | null, ...periods: [string, string][]) => ({
  service_id: service,
  resource: person ? { id: person, name: person } : null,
  periods: periods.map(([start_at, end_at]) => ({ start_at, end_at })),
});

describe("an itinerary", () => {
  it("is in the order of time, with the waiting in between", () => {
    const steps = itinerarySteps([
      line("colour", "Mads", ["2026-12-01T09:30:00Z", "2026-12-01T11:00:00Z"]),
      line("wash", "Freja", ["2026-12-01T09:00:00Z", "2026-12-01T09:20:00Z"]),
    ]);
    expect(steps.map((step) => [step.serviceId, step.waitMinutes])).toEqual([["wash", 10], ["colour", 0]]);
  });
  it("has a step a day where a line is split, and no wait over the night", () => {
    const steps = itinerarySteps([
      line("deck", "Mads", ["2026-12-01T09:00:00Z", "2026-12-01T16:00:00Z"], ["2026-12-02T08:00:00Z", "2026-12-02T10:00:00Z"]),
    ]);
    expect(steps.map((step) => step.waitMinutes)).toEqual([0, 0]);
  });
  it("names everybody once", () => {
    const period: [string, string] = ["2026-12-01T09:00:00Z", "2026-12-01T09:20:00Z"];
    expect(peopleIn([line("a", "Freja", period), line("b", "Freja", period), line("c", null, period)])).toEqual(["Freja"]);
  });
});

describe("a total", () => {
  it("adds to the cent", () => expect(totalOf(["0.10", "0.20"])).toEqual({ amount: "0.30", open: false }));
  it("says where something has no fixed price", () => expect(totalOf(["149.00", null])).toEqual({ amount: "149.00", open: true }));
  it("is none where nothing has one", () => expect(totalOf([null])).toEqual({ amount: null, open: true }));
});
