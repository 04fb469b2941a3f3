import type { CheckoutQuestion } from "../../src/api/types";
import { resolved } from "./flow";

export interface Sent {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown> | null;
  key: string | null;
  token: string | null;
}

type Answer = { status?: number; body: unknown } | "no network";
type Handler = (sent: Sent) => Answer | undefined;

const DAY = "2099-12-01";
export const NINE = "2099-12-01T16:00:00Z";
export const TEN = "2099-12-01T17:00:00Z";
export const FIVE_PM = "2099-12-02T00:00:00Z";

/** The public API in memory: answers like the real one, remembers what it was asked, and can be told to refuse. */
export class FakeServer {
  readonly sent: Sent[] = [];
  private readonly overrides: Handler[] = [];
  private holds = 0;
  /** Shows two of a day's times until all are asked for. */
  fewTimes = false;
  /** What checkout asks. */
  questions: CheckoutQuestion[] = [];
  /** Nobody has a free time this month, nor in the next. */
  full = false;

  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const url = new URL(String(input), "https://api.test");
    const headers = new Headers(init?.headers);
    const sent: Sent = {
      method: init?.method ?? "GET",
      path: url.pathname.replace("/v1", ""),
      query: url.searchParams,
      body: typeof init?.body === "string" ? (JSON.parse(init.body) as Record<string, unknown>) : null,
      key: headers.get("Idempotency-Key"),
      token: headers.get("X-Session-Token"),
    };
    this.sent.push(sent);
    const answer = this.overrides.map((handle) => handle(sent)).find(Boolean) ?? this.usual(sent);
    if (answer === "no network") throw new TypeError("Failed to fetch");
    return new Response(JSON.stringify(answer.body), { status: answer.status ?? 200 });
  };

  /** From now on, before the usual answers; return undefined to let those answer. */
  answer(handler: Handler): void {
    this.overrides.unshift(handler);
  }

  refuse(path: string, status: number, code: string, extra: Record<string, unknown> = {}, times = Infinity): void {
    let left = times;
    this.answer((sent) => {
      if (sent.path !== path || sent.method !== "POST" || left <= 0) return undefined;
      left -= 1;
      return { status, body: { type: "about:blank", title: code, status, code, detail: "Plain words.", ...extra } };
    });
  }

  to(path: string): Sent[] {
    return this.sent.filter((sent) => sent.path === path);
  }

  private usual(sent: Sent): Answer {
    const { path, body } = sent;
    if (path.endsWith("/resolve")) return { body: resolved() };
    if (path === "/sessions") return { status: 201, body: { id: "session", token: "token", expires_at: "2099-01-01T00:00:00Z", last_sequence: 0 } };
    if (path.endsWith("/events")) return { body: { accepted: 1, duplicates: 0, last_sequence: 1 } };
    if (path.startsWith("/sessions/")) return { body: { id: "session", status: "active", current_step_id: null, last_sequence: 1 } };
    if (path.endsWith("/month-availability")) return { body: month(sent.query.get("month") ?? "", this.full) };
    if (path.endsWith("/date-timeslots") && sent.query.getAll("service_id").length > 1) return { body: visits() };
    if (path.endsWith("/date-timeslots")) return { body: this.fewTimes && sent.query.get("more") !== "1" ? few() : times() };
    if (path === "/holds") {
      const lines = body?.services ? VISIT.lines : undefined;
      return { status: 201, body: hold(`hold-${(this.holds += 1)}`, String(body?.start_at), lines) };
    }
    if (path.endsWith("/release")) return { body: { status: "released" } };
    if (path.endsWith("/refresh")) return { body: hold(path.split("/")[2] ?? "", NINE) };
    if (path === "/questions") return { body: { questions: this.questions } };
    if (path === "/checkout") return { status: 201, body: { order: null, bookings: [booking()] } };
    if (path === "/waitlist") return { status: 201, body: { ...booking(), status: "waitlisted", start_at: null, end_at: null } };
    if (path.startsWith("/holds/")) return { body: hold(path.slice(7), NINE) };
    return { status: 404, body: { status: 404, code: "NOT_FOUND", detail: "No." } };
  }
}

/** Everything is taken but one day in December 2099. */
function month(asked: string, full: boolean) {
  const days = Array.from({ length: 28 }, (_, index) => {
    const date = `${asked}-${String(index + 1).padStart(2, "0")}`;
    return date === DAY && !full ? { date, available: 2, level: "few" } : { date, available: 0, level: "none" };
  });
  return { month: asked, timezone: "America/Denver", location_timezone: "America/Denver", days, next_available_date: full ? null : DAY };
}

function times() {
  const anna = { id: "anna", name: "Anna" };
  const bo = { id: "bo", name: "Bo" };
  return {
    date: DAY, timezone: "America/Denver", location_timezone: "America/Denver", total: 3, has_more: false, exposure_id: null,
    timeslots: [
      { start_at: NINE, end_at: TEN, day_part: "morning", seats: 2, resources: [anna, bo] },
      { start_at: TEN, end_at: "2099-12-01T18:00:00Z", day_part: "morning", seats: 1, resources: [bo] },
      { start_at: FIVE_PM, end_at: "2099-12-02T01:00:00Z", day_part: "evening", seats: 1, resources: [anna] },
    ],
  };
}

function few() {
  const all = times();
  return { ...all, timeslots: [all.timeslots[0], all.timeslots[2]], has_more: true, exposure_id: "drawn" };
}

function visits() {
  return { ...times(), timeslots: [{ ...VISIT, day_part: "morning", seats: 1, resources: [] }] };
}

export function hold(id: string, startAt: string, planned?: typeof VISIT.lines) {
  const now = Date.now();
  return {
    id, status: "active", now: new Date(now).toISOString(), expires_at: new Date(now + 300_000).toISOString(), start_at: startAt,
    end_at: new Date(Date.parse(startAt) + 3_600_000).toISOString(), location: LOCATION, resource: null, service_id: "drain",
    lines: (planned ?? [LINE]).map((line) => ({ ...LINE, ...line })),
  };
}

function booking() {
  return {
    id: "booking", reference: "WB-7K3M9Q", status: "confirmed", confirmed_at: "2099-01-01T00:00:00Z", now: "2099-01-01T00:00:00Z",
    start_at: NINE, end_at: TEN, location: LOCATION, resource: null, service_id: "drain", party_size: 1, currency: "USD",
    total_price: "149.00", lines: [LINE], manage_token: "secret",
  };
}

/** Two services, one after the other, by two people. */
const VISIT = {
  start_at: NINE, end_at: "2099-12-01T18:40:00Z",
  lines: [
    { service_id: "drain", resource: { id: "anna", name: "Anna Berg" }, periods: [{ start_at: NINE, end_at: TEN }] },
    { service_id: "heater", title: "Water heater repair", resource: { id: "bo", name: "Bo Lind" }, periods: [{ start_at: "2099-12-01T17:10:00Z", end_at: "2099-12-01T18:40:00Z" }] },
  ],
};
const LINE = { service_id: "drain", title: "Drain clearing", price: "149.00", resource: null as { id: string; name: string } | null, periods: [{ start_at: NINE, end_at: TEN }] };
const LOCATION = { id: "denver", name: "Denver", timezone: "America/Denver" };
