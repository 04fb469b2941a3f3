import type { Alternative, ConfirmedBooking, Hold, ResourceName } from "../api/types";
import { EMPTY_CUSTOMER, type CustomerDraft, type CustomerField, type DetailValue } from "../engine/customer";

export interface ChosenLocation {
  id: string;
  name: string;
}

export interface ChosenTime {
  startAt: string;
  endAt: string;
  /** Who comes, once it is held. */
  resource: ResourceName | null;
  /** Who was asked for with this time; null = anyone. */
  wishedId: string | null;
  /** IANA zone of the location: times are shown in it. */
  timezone: string;
}

export type HoldState =
  | { status: "none" }
  | { status: "placing" }
  | { status: "held"; id: string; expiresAt: string; skewMs: number }
  | { status: "expired" }
  | { status: "full"; alternatives: Alternative[] }
  | { status: "failed"; reason: string };

export interface BookingState {
  zip: string;
  location: ChosenLocation | null;
  /** Ids of the graph nodes picked, in order. */
  path: string[];
  serviceId: string | null;
  details: Record<string, DetailValue>;
  /** Local date at the location. */
  date: string | null;
  /** Whom the customer asked for; null = anyone. */
  wished: ResourceName | null;
  time: ChosenTime | null;
  hold: HoldState;
  customer: CustomerDraft;
  /** What the server did not accept, beside the field. */
  refused: Partial<Record<CustomerField, string>>;
  /** Made from the hold and not confirmed yet. */
  heldBookingId: string | null;
  confirmed: ConfirmedBooking | null;
}

export type BookingAction =
  | { type: "zip_typed"; zip: string; location: ChosenLocation | null }
  | { type: "location_given"; location: ChosenLocation }
  | { type: "path_picked"; path: string[]; serviceId: string | null }
  | { type: "detail_typed"; key: string; value: DetailValue }
  | { type: "date_picked"; date: string }
  | { type: "resource_wished"; resource: ResourceName | null }
  | { type: "time_picked"; time: ChosenTime }
  | { type: "hold_placed"; hold: Hold; skewMs: number }
  | { type: "hold_expired" }
  | { type: "hold_full"; alternatives: Alternative[] }
  | { type: "hold_failed"; reason: string }
  | { type: "hold_dropped" }
  | { type: "customer_typed"; field: CustomerField; value: string }
  | { type: "customer_refused"; refused: BookingState["refused"] }
  | { type: "booking_held"; id: string }
  | { type: "booking_lost" }
  | { type: "confirmed"; booking: ConfirmedBooking }
  | { type: "restored"; state: BookingState };

export const EMPTY_BOOKING: BookingState = {
  zip: "",
  location: null,
  path: [],
  serviceId: null,
  details: {},
  date: null,
  wished: null,
  time: null,
  hold: { status: "none" },
  customer: EMPTY_CUSTOMER,
  refused: {},
  heldBookingId: null,
  confirmed: null,
};

const NO_TIME = { time: null, date: null, wished: null, hold: { status: "none" }, heldBookingId: null } as const;

export function bookingReducer(state: BookingState, action: BookingAction): BookingState {
  switch (action.type) {
    case "zip_typed": {
      const moved = state.location !== null && action.location?.id !== state.location.id;
      return { ...state, ...(moved ? NO_TIME : {}), zip: action.zip, location: action.location };
    }
    case "location_given":
      return { ...state, location: action.location };
    case "path_picked": {
      // Only another service frees the time: going back to look at a question keeps everything that was entered.
      const other = state.serviceId !== null && action.serviceId !== null && action.serviceId !== state.serviceId;
      return { ...state, ...(other ? NO_TIME : {}), path: action.path, serviceId: action.serviceId ?? state.serviceId };
    }
    case "detail_typed":
      return { ...state, details: { ...state.details, [action.key]: action.value } };
    case "date_picked":
      return { ...state, date: action.date };
    case "resource_wished":
      return { ...state, wished: action.resource };
    case "time_picked":
      return { ...state, time: action.time, hold: { status: "placing" }, heldBookingId: null };
    case "hold_placed":
      return placed(state, action.hold, action.skewMs);
    case "hold_expired":
      return { ...state, hold: { status: "expired" }, heldBookingId: null };
    case "hold_full":
      return { ...state, hold: { status: "full", alternatives: action.alternatives }, heldBookingId: null };
    case "hold_failed":
      return { ...state, hold: { status: "failed", reason: action.reason }, heldBookingId: null };
    case "hold_dropped":
      return { ...state, time: null, hold: { status: "none" }, heldBookingId: null };
    case "customer_typed":
      return {
        ...state,
        customer: { ...state.customer, [action.field]: action.value },
        refused: { ...state.refused, [action.field]: undefined } as BookingState["refused"],
        heldBookingId: null,
      };
    case "customer_refused":
      return { ...state, refused: action.refused };
    case "booking_held":
      return { ...state, heldBookingId: action.id };
    case "booking_lost":
      return { ...state, heldBookingId: null };
    case "confirmed":
      return { ...state, confirmed: action.booking, hold: { status: "none" }, heldBookingId: null };
    case "restored":
      return action.state;
  }
}

function placed(state: BookingState, hold: Hold, skewMs: number): BookingState {
  const time: ChosenTime = {
    startAt: hold.start_at,
    endAt: hold.end_at,
    resource: hold.resource,
    wishedId: state.time?.wishedId ?? null,
    timezone: state.time?.timezone ?? hold.location.timezone,
  };
  return { ...state, time, hold: { status: "held", id: hold.id, expiresAt: hold.expires_at, skewMs } };
}
