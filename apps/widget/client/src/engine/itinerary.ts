import type { ItineraryLine, Uuid } from "../api/types";

/** One stretch of a visit: a service by somebody, on one day. */
export interface ItineraryStep {
  serviceId: Uuid | null;
  /** As it was frozen at the hold; null before. */
  title: string | null;
  person: string | null;
  startAt: string;
  endAt: string;
  /** How long the customer waits after it for what follows on the same visit; 0 across a night. */
  waitMinutes: number;
}

const LONGEST_WAIT_MINUTES = 240;

/** The stretches of a visit in the order of time. A line that is split over days has one a day. */
export function itinerarySteps(lines: readonly (ItineraryLine & { title?: string })[]): ItineraryStep[] {
  const steps = lines.flatMap((line) =>
    line.periods.map((period): ItineraryStep => ({
      serviceId: line.service_id,
      title: line.title ?? null,
      person: line.resource?.name ?? null,
      startAt: period.start_at,
      endAt: period.end_at,
      waitMinutes: 0,
    })),
  );
  steps.sort((one, other) => Date.parse(one.startAt) - Date.parse(other.startAt));
  return steps.map((step, position) => {
    const next = steps[position + 1];
    const minutes = next ? (Date.parse(next.startAt) - Date.parse(step.endAt)) / 60_000 : 0;
    return { ...step, waitMinutes: minutes > 0 && minutes <= LONGEST_WAIT_MINUTES ? minutes : 0 };
  });
}

/** Everybody who takes part, each once, in the order of time. */
export function peopleIn(lines: readonly ItineraryLine[]): string[] {
  return [...new Set(itinerarySteps(lines).flatMap((step) => (step.person ? [step.person] : [])))];
}
