import type { ApiClient } from "./client";
import type {
  CheckedOut, CheckoutQuestion, CheckoutRequest, DateTimeslots, Hold, HoldRequest, LinkedBooking, MonthAvailability, WaitlistRequest,
} from "./types";

/** Who asks, and the key of the intent: both go with every mutation. */
export interface Proof {
  token: string;
  key: string;
}

type Api = Pick<ApiClient, "call">;

/** How long a customer waits between two services of a visit, at most. */
export const MAX_GAP_MINUTES = 15;

/** What times are wanted for. */
export interface VisitWanted {
  locationId: string;
  /** In the order in which they are done. */
  serviceIds: readonly string[];
  samePerson: boolean;
}

/** `month` is YYYY-MM, counted in the location's zone. */
export function monthAvailability(api: Api, want: VisitWanted & { month: string }, signal: AbortSignal): Promise<MonthAvailability> {
  const query = visitQuery(want);
  query.set("month", want.month);
  return api.call("GET", `/scheduler/month-availability?${query}`, { signal });
}

export interface DayWanted extends VisitWanted {
  /** YYYY-MM-DD, a day in the location's zone. */
  date: string;
  /** All of the day's times; otherwise the server chooses a few, the same ones for the same visitor. */
  all: boolean;
}

/** A read needs no token: without one, everybody at this address is shown the same times. */
export function dateTimeslots(api: Api, want: DayWanted, token: string | undefined, signal: AbortSignal): Promise<DateTimeslots> {
  const query = visitQuery(want);
  query.set("date", want.date);
  if (want.all) query.set("more", "1");
  return api.call("GET", `/scheduler/date-timeslots?${query}`, token === undefined ? { signal } : { signal, token });
}

function visitQuery({ locationId, serviceIds, samePerson }: VisitWanted): URLSearchParams {
  const query = new URLSearchParams({ location_id: locationId });
  for (const id of serviceIds) query.append("service_id", id);
  if (serviceIds.length > 1) {
    query.set("mode", "chain");
    query.set("max_gap_minutes", String(MAX_GAP_MINUTES));
    if (samePerson) query.set("same_person", "true");
  }
  return query;
}

/** What has to be answered at checkout for these services. */
export async function checkoutQuestions(api: Api, serviceIds: readonly string[], signal: AbortSignal): Promise<CheckoutQuestion[]> {
  const query = new URLSearchParams();
  for (const id of new Set(serviceIds)) query.append("service_id", id);
  const found = await api.call<{ questions: CheckoutQuestion[] }>("GET", `/questions?${query}`, { signal });
  return found.questions;
}

export function placeHold(api: Api, hold: HoldRequest, proof: Proof): Promise<Hold> {
  return api.call("POST", "/holds", { body: hold, ...proof });
}

export function getHold(api: Api, id: string, token: string): Promise<Hold> {
  return api.call("GET", `/holds/${id}`, { token });
}

/** The hold's whole length again, from now. */
export function refreshHold(api: Api, id: string, proof: Proof): Promise<Hold> {
  return api.call("POST", `/holds/${id}/refresh`, { body: {}, ...proof });
}

/** Does not wait for a network: a hold that is not given back ends by itself. */
export function releaseHold(api: Api, id: string, proof: Proof): Promise<unknown> {
  return api.call("POST", `/holds/${id}/release`, { body: {}, ...proof, failFast: true });
}

export function checkOut(api: Api, request: CheckoutRequest, proof: Proof): Promise<CheckedOut> {
  return api.call("POST", "/checkout", { body: request, ...proof });
}

export function joinWaitlist(api: Api, request: WaitlistRequest, proof: Proof): Promise<LinkedBooking> {
  return api.call("POST", "/waitlist", { body: request, ...proof });
}
