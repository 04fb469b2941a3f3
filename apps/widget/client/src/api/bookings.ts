import type { ApiClient } from "./client";
import type { BookingRequest, ConfirmedBooking, DateTimeslots, HeldBooking, Hold, HoldRequest, MonthAvailability } from "./types";

/** Who asks, and the key of the intent: both go with every mutation. */
export interface Proof {
  token: string;
  key: string;
}

type Api = Pick<ApiClient, "call">;

/** `month` is YYYY-MM, counted in the location's zone. */
export function monthAvailability(
  api: Api,
  want: { locationId: string; serviceId: string; month: string },
  signal: AbortSignal,
): Promise<MonthAvailability> {
  const query = new URLSearchParams({ location_id: want.locationId, service_id: want.serviceId, month: want.month });
  return api.call("GET", `/scheduler/month-availability?${query}`, { signal });
}

export interface DayWanted {
  locationId: string;
  serviceId: string;
  /** YYYY-MM-DD, a day in the location's zone. */
  date: string;
  /** All of the day's times; otherwise the server chooses a few, the same ones for the same visitor. */
  all: boolean;
}

/** A read needs no token: without one, everybody at this address is shown the same times. */
export function dateTimeslots(api: Api, want: DayWanted, token: string | undefined, signal: AbortSignal): Promise<DateTimeslots> {
  const query = new URLSearchParams({ location_id: want.locationId, service_id: want.serviceId, date: want.date });
  if (want.all) query.set("more", "1");
  return api.call("GET", `/scheduler/date-timeslots?${query}`, token === undefined ? { signal } : { signal, token });
}

export function placeHold(api: Api, hold: HoldRequest, proof: Proof): Promise<Hold> {
  return api.call("POST", "/holds", { body: hold, ...proof });
}

export function getHold(api: Api, id: string, token: string): Promise<Hold> {
  return api.call("GET", `/holds/${id}`, { token });
}

/** Does not wait for a network: a hold that is not given back ends by itself. */
export function releaseHold(api: Api, id: string, proof: Proof): Promise<unknown> {
  return api.call("POST", `/holds/${id}/release`, { body: {}, ...proof, failFast: true });
}

export function createBooking(api: Api, booking: BookingRequest, proof: Proof): Promise<HeldBooking> {
  return api.call("POST", "/bookings", { body: booking, ...proof });
}

export function confirmBooking(api: Api, id: string, proof: Proof): Promise<ConfirmedBooking> {
  return api.call("POST", `/bookings/${id}/confirm`, { body: {}, ...proof });
}
