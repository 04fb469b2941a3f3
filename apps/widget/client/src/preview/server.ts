import type {
  CheckoutQuestion, CheckoutRequest, DateTimeslots, Hold, HoldRequest, ItineraryLine, LinkedBooking, LocationName, MonthAvailability, Resolved,
  VisitLine, WaitlistRequest,
} from "../api/types";
import { fixedLocation } from "../app/flow";
import { addDays, today } from "../engine/monthGrid";
import { sampleDay, sampleMonth } from "./samples";

export const SAMPLE_LOCATION = "sample";
const HOLD_MINUTES = 10;
const YEAR_MS = 365 * 86_400_000;

export interface ServerOptions {
  resolved: () => Resolved;
  /** Where the staff's copies of the public reads are, with a slash at the end. */
  reads: string;
  fetch: typeof fetch;
  /** Why the times shown are made up; null while they are the business's own. */
  onTimes: (madeUp: string | null) => void;
}

/**
 * Answers the widget as the public API would. Free times and questions are the business's own, read through the
 * back office; sessions, holds, bookings and the waitlist are pretended here, so that nothing is ever written.
 */
export class PreviewServer {
  private readonly holds = new Map<string, Hold>();
  private zone: string | null = null;
  private count = 0;

  constructor(private readonly options: ServerOptions) {}

  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const url = new URL(String(input), window.location.origin);
    const path = url.pathname.replace(/^\/v1/, "");
    const body = typeof init?.body === "string" ? (JSON.parse(init.body) as unknown) : null;
    try {
      const answer = await this.answer(init?.method ?? "GET", path, url.searchParams, body);
      if (answer !== undefined) return Response.json(answer);
    } catch {
      // Nobody else can answer: say so as the real one would.
    }
    return Response.json({ status: 404, code: "NOT_FOUND", detail: "The preview has no such thing." }, { status: 404 });
  };

  private async answer(method: string, path: string, query: URLSearchParams, body: unknown): Promise<unknown> {
    if (path === "/sessions") return { id: "preview", token: "preview", expires_at: later(YEAR_MS), last_sequence: 0 };
    if (path.endsWith("/events")) return { accepted: 0, duplicates: 0, last_sequence: 0 };
    if (path.startsWith("/sessions/")) return { id: "preview", status: "active", current_step_id: null, last_sequence: 0 };
    if (path === "/scheduler/month-availability") return this.month(query);
    if (path === "/scheduler/date-timeslots") return this.day(query);
    if (path === "/questions") return { questions: await this.questions(query.getAll("service_id")) };
    if (path === "/holds") return this.hold(body as HoldRequest);
    if (path.startsWith("/holds/")) return this.change(path, method);
    if (path === "/checkout") return { order: null, bookings: [this.booking(body as CheckoutRequest)] };
    if (path === "/waitlist") return this.waiting(body as WaitlistRequest);
    return undefined;
  }

  // --- The business's own ---------------------------------------------------------------------------

  async month(query: URLSearchParams): Promise<MonthAvailability> {
    const real = await this.read<MonthAvailability>("scheduler/month-availability", query);
    return real ?? sampleMonth(query.get("month") ?? "", this.timezone());
  }

  async day(query: URLSearchParams): Promise<DateTimeslots> {
    const real = await this.read<DateTimeslots>("scheduler/date-timeslots", query);
    return real ?? sampleDay(query.get("date") ?? "", this.timezone(), this.minutesOf(query.getAll("service_id")));
  }

  async questions(serviceIds: readonly string[]): Promise<CheckoutQuestion[]> {
    const query = new URLSearchParams(serviceIds.map((id) => ["service_id", id]));
    try {
      const response = await this.options.fetch(`${this.options.reads}questions?${query}`);
      return response.ok ? ((await response.json()) as { questions: CheckoutQuestion[] }).questions : [];
    } catch {
      return [];
    }
  }

  /** A free start from today on, the business's own if there is one; else the first of the made-up ones. */
  async firstTime(locationId: string, serviceIds: readonly string[]): Promise<DateTimeslots> {
    const here = today(this.timezone());
    const real = await this.firstOf(locationId, serviceIds, here.slice(0, 7));
    if (real) return real;
    this.options.onTimes("nothing is free here at the moment");
    const day = sampleMonth(here.slice(0, 7), this.timezone()).next_available_date ?? addDays(here, 1);
    return sampleDay(day, this.timezone(), this.minutesOf(serviceIds));
  }

  private async firstOf(locationId: string, serviceIds: readonly string[], month: string): Promise<DateTimeslots | null> {
    const query = (more: Record<string, string>): URLSearchParams =>
      new URLSearchParams([["location_id", locationId], ...serviceIds.map((id) => ["service_id", id]), ...Object.entries(more)]);
    const days = await this.month(query({ month }));
    const date = days.days.find((day) => day.available > 0)?.date ?? days.next_available_date;
    if (!date) return null;
    const found = await this.day(query({ date }));
    return found.timeslots.length > 0 ? found : null;
  }

  private async read<T extends { location_timezone: string }>(path: string, query: URLSearchParams): Promise<T | null> {
    const { reads, onTimes, fetch } = this.options;
    if (query.get("location_id") === SAMPLE_LOCATION) {
      onTimes("this flow does not say where it books");
      return null;
    }
    try {
      const response = await fetch(`${reads}${path}?${query}`);
      if (!response.ok) throw new Error(await reasonOf(response));
      const answer = (await response.json()) as T;
      this.zone = answer.location_timezone;
      onTimes(null);
      return answer;
    } catch (error) {
      onTimes(error instanceof Error ? error.message : "the server did not answer");
      return null;
    }
  }

  // --- What is only pretended -----------------------------------------------------------------------

  /** A hold of a time that was never asked for: the visitor was put behind it. */
  holdOf(request: HoldRequest): Hold {
    return this.hold(request);
  }

  private hold(request: HoldRequest): Hold {
    const asked = "services" in request ? request.services : [{ service_id: request.service_id, resource_id: request.resource_id }];
    let at = Date.parse(request.start_at);
    const lines = asked.map(({ service_id: id }): VisitLine => {
      const start = at;
      at += this.minutesOf([id]) * 60_000;
      const line: ItineraryLine = {
        service_id: id, resource: null, periods: [{ start_at: iso(start), end_at: iso(at) }],
      };
      return { ...line, ...this.soldAs(id) };
    });
    const hold: Hold = {
      id: `preview-${(this.count += 1)}`, status: "active", now: iso(Date.now()), expires_at: later(HOLD_MINUTES * 60_000),
      start_at: request.start_at, end_at: iso(at), location: this.location(request.location_id), resource: null,
      service_id: asked[0]?.service_id ?? "", lines,
    };
    this.holds.set(hold.id, hold);
    return hold;
  }

  private change(path: string, method: string): unknown {
    const [, , id = "", verb] = path.split("/");
    const hold = this.holds.get(id);
    if (!hold) return undefined;
    if (method === "GET") return { ...hold, now: iso(Date.now()) };
    if (verb === "release") this.holds.delete(id);
    return { ...hold, now: iso(Date.now()), expires_at: later(HOLD_MINUTES * 60_000), ...(verb === "release" && { status: "released" }) };
  }

  private booking(request: CheckoutRequest): LinkedBooking {
    const hold = this.holds.get(request.hold_ids[0] ?? "");
    if (!hold) throw new Error("There is no such hold.");
    return this.bookingOf(hold);
  }

  bookingOf(hold: Hold): LinkedBooking {
    const prices = hold.lines.map((line) => line.price).filter((price) => price !== null);
    const total = prices.length > 0 ? prices.reduce((sum, price) => sum + Number(price), 0).toFixed(2) : null;
    const { start_at, end_at, location, service_id, lines } = hold;
    return {
      ...this.unbooked(), status: "confirmed", confirmed_at: iso(Date.now()), start_at, end_at, location, service_id, total_price: total, lines,
    };
  }

  private waiting(request: WaitlistRequest): LinkedBooking {
    const lines = request.services.map(({ service_id: id }) => ({ service_id: id, resource: null, periods: [], ...this.soldAs(id) }));
    return {
      ...this.unbooked(), status: "waitlisted", confirmed_at: null, start_at: null, end_at: null, location: this.location(request.location_id),
      service_id: request.services[0]?.service_id ?? null, total_price: null, lines,
    };
  }

  private unbooked() {
    const { currency } = this.options.resolved().organization;
    return { id: "preview", reference: "PREVIEW", resource: null, party_size: 1, currency, manage_token: "preview" };
  }

  // --- From the flow --------------------------------------------------------------------------------

  private soldAs(id: string): { title: string; price: string | null } {
    const service = this.options.resolved().flow.services[id];
    return { title: service?.content.title ?? "", price: service?.price ?? null };
  }

  private minutesOf(ids: readonly string[]): number {
    const { services } = this.options.resolved().flow;
    return ids.reduce((sum, id) => sum + (services[id]?.duration_minutes ?? 60), 0);
  }

  private location(id: string): LocationName {
    const { flow, organization } = this.options.resolved();
    const areas = flow.steps.flatMap((step) => (step.step_type === "zipcode" ? (step.type_config.areas ?? []) : []));
    const fixed = fixedLocation(flow);
    const name = areas.find((area) => area.location_id === id)?.location_name ?? (fixed?.id === id ? fixed.name : organization.name);
    return { id, name, timezone: this.timezone() };
  }

  timezone(): string {
    return this.zone ?? this.options.resolved().organization.timezone;
  }
}

async function reasonOf(response: Response): Promise<string> {
  const problem = (await response.json().catch(() => null)) as { code?: string; detail?: string } | null;
  if (response.status === 401 || response.status === 403) return "you are no longer signed in";
  if (response.status === 404) return "its place or service is not saved yet";
  return problem?.detail ?? "the server did not answer";
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function later(ms: number): string {
  return iso(Date.now() + ms);
}

