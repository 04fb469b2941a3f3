import type { Uuid } from "./types";

/** Free times, holds, bookings and the waitlist, as the public API sends them. Times are ISO 8601 in UTC. */

export type Level = "none" | "few" | "many";

export interface MonthDay {
  /** Local date at the location, YYYY-MM-DD. */
  date: string;
  available: number;
  level: Level;
}

export interface MonthAvailability {
  month: string;
  timezone: string;
  location_timezone: string;
  days: MonthDay[];
  next_available_date: string | null;
  /** Of several services: why there can be no time at all. */
  note?: string | null;
}

export interface Period {
  start_at: string;
  end_at: string;
}

/** One service of a visit: who does it, and when. */
export interface ItineraryLine {
  service_id: Uuid | null;
  /** Null where a pool is sold. */
  resource: ResourceName | null;
  /** Several where it is split over days. */
  periods: Period[];
}

/** A line of a hold or a booking: what was frozen of its service, too. */
export interface VisitLine extends ItineraryLine {
  title: string;
  /** Decimal as text. */
  price: string | null;
}

export interface ResourceName {
  id: Uuid;
  name: string;
}

export type DayPart = "morning" | "afternoon" | "evening" | "other";

export interface Timeslot {
  start_at: string;
  end_at: string;
  day_part: DayPart;
  seats: number;
  resources: ResourceName[];
  /** Of several services, and of one that is split over days. */
  lines?: ItineraryLine[];
}

export interface DateTimeslots {
  date: string;
  timezone: string;
  location_timezone: string;
  timeslots: Timeslot[];
  total: number;
  has_more: boolean;
  /** Names the choice of times; null for all of them. */
  exposure_id: string | null;
}

export interface LocationName {
  id: Uuid;
  name: string;
  timezone: string;
}

export interface OneServiceRequest {
  service_id: Uuid;
  location_id: Uuid;
  start_at: string;
  resource_id?: Uuid;
  party_size: number;
}

/** Several services in their order, each by the person who was shown. */
export interface PlannedRequest {
  location_id: Uuid;
  start_at: string;
  services: { service_id: Uuid; resource_id?: Uuid }[];
  mode: "chain";
  same_person: boolean;
  max_gap_minutes: number;
  party_size: number;
}

export type HoldRequest = OneServiceRequest | PlannedRequest;

export interface Hold {
  id: Uuid;
  status: "active" | "released" | "expired" | "converted";
  expires_at: string;
  /** The server's clock when it answered: the countdown is measured against it, not against the device's. */
  now: string;
  start_at: string;
  end_at: string;
  location: LocationName;
  resource: ResourceName | null;
  service_id: Uuid;
  lines: VisitLine[];
}

export interface Alternative {
  start_at: string;
  end_at: string;
  slot_id?: Uuid | null;
  resource?: ResourceName | null;
  lines?: ItineraryLine[];
}

export interface Address {
  line1: string;
  line2?: string;
  city: string;
  postal_code: string;
}

export type QuestionKind = "text" | "long_text" | "choice" | "yes_no";

/** Something that must or may be answered when these services are booked. */
export interface CheckoutQuestion {
  id: Uuid;
  text: string;
  help_text: string;
  kind: QuestionKind;
  /** Of a choice, else empty. */
  options: string[];
  required: boolean;
  /** Null: asked whatever is booked. */
  service_id: Uuid | null;
}

export interface CustomerInput {
  name: string;
  phone: string;
  email?: string;
  address?: Address;
}

/** By which ways somebody wants to hear about their booking. */
export interface Preferences {
  email: boolean;
  sms: boolean;
}

export interface CheckoutRequest {
  hold_ids: Uuid[];
  customer: CustomerInput & { preferences: Preferences };
  /** By the questions' ids. */
  answers?: Record<Uuid, string | boolean>;
  notes?: string;
  /** By the keys of the flow's own fields; a tick is "yes". */
  details?: Record<string, string>;
  selection?: { flow_version_id: Uuid; node_ids: Uuid[] };
}

export interface Order {
  id: Uuid;
  reference: string;
  status: string;
  total: string;
  currency: string;
  payment: "none" | "manual" | string;
}

export interface BookedVisit {
  id: Uuid;
  reference: string;
  /** "confirmed", "pending", "held" until it is paid, "waitlisted", "cancelled", … */
  status: string;
  confirmed_at: string | null;
  /** Null while it has no time: on the waitlist. */
  start_at: string | null;
  end_at: string | null;
  location: LocationName;
  resource: ResourceName | null;
  service_id: Uuid | null;
  party_size: number;
  currency: string;
  total_price: string | null;
  lines: VisitLine[];
}

/** A booking with the token of the link by which the customer manages it. */
export interface LinkedBooking extends BookedVisit {
  manage_token: string;
}

export interface CheckedOut {
  order: Order | null;
  bookings: LinkedBooking[];
}

export interface WaitlistRequest {
  location_id: Uuid;
  services: { service_id: Uuid }[];
  party_size: number;
  /** Days at the location, YYYY-MM-DD. */
  first_date: string;
  last_date: string;
  /** Times of the day at the location, HH:MM. */
  earliest_time?: string;
  latest_time?: string;
  resource_id?: Uuid;
  customer: CustomerInput;
}
