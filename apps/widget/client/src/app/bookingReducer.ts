import type {
  Alternative, CheckoutQuestion, Hold, ItineraryLine, LinkedBooking, Order, Preferences, ResourceName,
} from "../api/types";
import { EMPTY_CUSTOMER, type CustomerDraft, type CustomerField, type DetailValue } from "../engine/customer";

export interface ChosenLocation {
  id: string;
  name: string;
}

/** A service of the visit, and the graph nodes that were picked on the way to it. */
export interface Picked {
  path: string[];
  serviceId: string;
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
  /** Who does what and when, where the visit was planned: several services, or one that is split over days. */
  lines: ItineraryLine[] | null;
}

export type HoldState =
  | { status: "none" }
  | { status: "placing" }
  | { status: "held"; id: string; expiresAt: string; skewMs: number }
  | { status: "expired" }
  | { status: "full"; alternatives: Alternative[] }
  | { status: "failed"; reason: string };

/** What was booked, or the place on the waitlist. */
export interface Booked extends LinkedBooking {
  order: Order | null;
}

export interface BookingState {
  zip: string;
  location: ChosenLocation | null;
  /** The services chosen before the one of `path`, where a visit may have several. */
  visit: Picked[];
  /** Ids of the graph nodes picked, in order. */
  path: string[];
  serviceId: string | null;
  /** One person does it all. */
  samePerson: boolean;
  details: Record<string, DetailValue>;
  /** Local date at the location. */
  date: string | null;
  /** Whom the customer asked for; null = anyone. */
  wished: ResourceName | null;
  time: ChosenTime | null;
  hold: HoldState;
  customer: CustomerDraft;
  preferences: Preferences;
  /** What is asked at checkout for these services; null until it was fetched. */
  questions: CheckoutQuestion[] | null;
  /** By the questions' ids. */
  answers: Record<string, DetailValue>;
  /** What the server did not accept, beside the field; a question by its id. */
  refused: Partial<Record<string, string>>;
  confirmed: Booked | null;
}

type FirstAction =
  | { type: "zip_typed"; zip: string; location: ChosenLocation | null }
  | { type: "path_picked"; path: string[]; serviceId: string | null };

/** What only the later steps do; laterReducer.ts. */
export type LaterAction =
  | { type: "another_wanted" }
  | { type: "another_dropped" }
  | { type: "service_removed"; position: number }
  | { type: "same_person"; wanted: boolean }
  | { type: "detail_typed"; key: string; value: DetailValue }
  | { type: "date_picked"; date: string }
  | { type: "resource_wished"; resource: ResourceName | null }
  | { type: "time_picked"; time: ChosenTime }
  | { type: "hold_placed"; hold: Hold; skewMs: number }
  | { type: "hold_refreshed"; hold: Hold; skewMs: number }
  | { type: "hold_expired" }
  | { type: "hold_full"; alternatives: Alternative[] }
  | { type: "hold_failed"; reason: string }
  | { type: "hold_dropped" }
  | { type: "customer_typed"; field: CustomerField; value: string }
  | { type: "preferred"; preferences: Partial<Preferences> }
  | { type: "questions_fetched"; questions: CheckoutQuestion[] }
  | { type: "question_answered"; id: string; value: DetailValue }
  | { type: "input_refused"; refused: BookingState["refused"] }
  | { type: "confirmed"; booking: Booked };

export type BookingAction = FirstAction | LaterAction;

export const EMPTY_BOOKING: BookingState = {
  zip: "",
  location: null,
  visit: [],
  path: [],
  serviceId: null,
  samePerson: false,
  details: {},
  date: null,
  wished: null,
  time: null,
  hold: { status: "none" },
  customer: EMPTY_CUSTOMER,
  preferences: { email: true, sms: true },
  questions: null,
  answers: {},
  refused: {},
  confirmed: null,
};

export const NO_TIME = { time: null, date: null, wished: null, hold: { status: "none" }, questions: null } as const;

let reduceLater = (state: BookingState, _action: LaterAction): BookingState => state;

/** The later steps bring their own part of the reducer along. */
export function extendReducer(reducer: typeof reduceLater): void {
  reduceLater = reducer;
}

export function bookingReducer(state: BookingState, action: BookingAction): BookingState {
  switch (action.type) {
    case "zip_typed": {
      const moved = state.location !== null && action.location?.id !== state.location.id;
      return { ...state, ...(moved ? NO_TIME : {}), zip: action.zip, location: action.location };
    }
    case "path_picked": {
      // Only another service frees the time: going back to look at a question keeps everything that was entered.
      const other = action.serviceId !== null && action.serviceId !== state.serviceId;
      return { ...state, ...(other ? NO_TIME : {}), path: action.path, serviceId: action.serviceId ?? state.serviceId };
    }
    default:
      return reduceLater(state, action);
  }
}
