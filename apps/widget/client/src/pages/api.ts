import { ApiClient } from "../api/client";
import { Connection } from "../api/connection";
import { ApiError } from "../api/errors";
import { IdempotencyKeys } from "../api/idempotency";
import type { BookedVisit, BrandKit, MonthAvailability, Organization } from "../api/types";
import { tabStorage } from "../session/draft";

export interface Possibility {
  possible: boolean;
  /** "", "status", "not_online", "too_late" or "too_early". */
  why_not: string;
  since: string | null;
  until: string | null;
}

/** What somebody waits for: dates and times of the day of the location; and what they are offered now. */
export interface Waiting {
  first_date: string;
  last_date: string;
  /** "12:00:00"; null: at whatever time. */
  earliest_time: string | null;
  latest_time: string | null;
  offer_token: string | null;
}

/** A booking as its customer's link shows it. */
export interface ManagedBooking extends BookedVisit {
  version: number;
  greeting: string;
  cancel: Possibility;
  reschedule: Possibility;
  check_in: Possibility;
  leave_waitlist: boolean;
  /** While a place on the waitlist is all there is. */
  waiting: Waiting | null;
  cancel_reasons: { value: string; words: string }[];
  organization: Organization;
  brand_kit: BrandKit | null;
}

export interface NewTimes {
  date: string;
  location_timezone: string;
  times: { start_at: string; end_at: string; people: string[] }[];
}

/** A time that somebody on the waitlist may take. */
export interface Offer extends Omit<BookedVisit, "id" | "reference" | "confirmed_at" | "total_price"> {
  status: "open" | "accepted" | "declined" | "lapsed" | string;
  booking_reference: string;
  business: string;
  organization: Organization;
  brand_kit: BrandKit | null;
  expires_at: string;
  now: string;
  /** Of the visit, once the offer is taken. */
  manage_token: string | null;
}

interface NewMonth {
  month: string;
  location_timezone: string;
  days: { date: string; available: number }[];
}

const FEW = 3;

/** Everything that a link opens, by its token. Rejects with ApiError or NetworkError. */
export class LinkApi {
  readonly connection = new Connection();
  private readonly keys = new IdempotencyKeys(tabStorage());
  // The token in the address is the credential: there is no key.
  private readonly client = new ApiClient({ base: window.location.origin, apiKey: "", connection: this.connection });

  constructor(private readonly token: string) {}

  booking(signal: AbortSignal): Promise<ManagedBooking> {
    return this.client.call("GET", this.manage(), { signal });
  }

  async month(month: string, signal: AbortSignal): Promise<MonthAvailability> {
    const found = await this.client.call<NewMonth>("GET", `${this.manage("/month")}?month=${month}`, { signal });
    const days = found.days.map((day) => ({ ...day, level: levelOf(day.available) }));
    const next = days.find((day) => day.available > 0)?.date ?? null;
    return { month, timezone: found.location_timezone, location_timezone: found.location_timezone, days, next_available_date: next };
  }

  times(date: string, signal: AbortSignal): Promise<NewTimes> {
    return this.client.call("GET", `${this.manage("/times")}?date=${date}`, { signal });
  }

  cancel(reason: string, version: number): Promise<unknown> {
    return this.change(this.manage("/cancel"), { reason, expected_version: version });
  }

  reschedule(startAt: string, version: number): Promise<unknown> {
    return this.change(this.manage("/reschedule"), { start_at: startAt, expected_version: version });
  }

  checkIn(): Promise<unknown> {
    return this.change(this.manage("/check-in"), undefined);
  }

  leaveWaitlist(): Promise<unknown> {
    return this.change(this.manage("/leave-waitlist"), undefined);
  }

  offer(signal: AbortSignal): Promise<Offer> {
    return this.client.call("GET", `/waitlist/offers/${this.token}`, { signal });
  }

  answer(verb: "accept" | "decline"): Promise<unknown> {
    return this.change(`/waitlist/offers/${this.token}/${verb}`, undefined);
  }

  private manage(path = ""): string {
    return `/bookings/manage/${this.token}${path}`;
  }

  /** One key for one intent, until the server has decided. */
  private async change(path: string, body: unknown): Promise<unknown> {
    const key = this.keys.keyFor(path, body ?? null);
    try {
      const answer = await this.client.call("POST", path, body === undefined ? { key } : { key, body });
      this.keys.settle(path);
      return answer;
    } catch (error) {
      if (error instanceof ApiError && error.status < 500 && error.status !== 429) this.keys.settle(path);
      throw error;
    }
  }
}

function levelOf(available: number): "none" | "few" | "many" {
  if (available === 0) return "none";
  return available <= FEW ? "few" : "many";
}
