import type { Connection } from "./connection";
import { Aborted, ApiError, NetworkError } from "./errors";
import type { EventsAccepted, Problem, Resolved, Session, SessionContext, SessionEvent, SessionState } from "./types";

export interface ApiOptions {
  base: string;
  apiKey: string;
  connection: Connection;
  fetch?: typeof fetch;
  sleep?: (ms: number) => Promise<void>;
}

export interface Call {
  body?: unknown;
  token?: string;
  key?: string;
  signal?: AbortSignal;
  /** Give up after the backoff instead of waiting for the network to come back. */
  failFast?: boolean;
}

const BACKOFF_MS = [300, 900, 2700] as const;
const LONGEST_QUIET_WAIT_MS = 5000;
const TRANSIENT = new Set([502, 503, 504]);

/**
 * The public API over HTTP. Every call rejects with ApiError (a refusal), NetworkError or Aborted, nothing else.
 * The endpoints of the later steps are in bookings.ts, fetched with them.
 */
export class ApiClient {
  private readonly fetch: typeof fetch;
  private readonly sleep: (ms: number) => Promise<void>;

  constructor(private readonly options: ApiOptions) {
    this.fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.sleep = options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  }

  resolve(url: string, configId: string | null, visitor = ""): Promise<Resolved> {
    return this.call("POST", "/booking-flow-routers/resolve", {
      body: { url, config_id: configId, visitor },
      failFast: true,
    });
  }

  createSession(configId: string, flowVersionId: string, context: SessionContext): Promise<Session> {
    const body = { config_id: configId, flow_version_id: flowVersionId, context };
    return this.call("POST", "/sessions", { body, failFast: true });
  }

  getSession(id: string, token: string): Promise<SessionState> {
    return this.call("GET", `/sessions/${id}`, { token, failFast: true });
  }

  sendEvents(id: string, token: string, events: SessionEvent[]): Promise<EventsAccepted> {
    return this.call("POST", `/sessions/${id}/events`, { body: { token, events }, failFast: true });
  }

  /** Last chance while the page goes away: no answer will be seen. */
  beaconEvents(id: string, token: string, events: SessionEvent[]): boolean {
    // A plain text body needs no preflight, for which a closing page has no time; the server reads it as JSON.
    return navigator.sendBeacon(this.url(`/sessions/${id}/events`), JSON.stringify({ token, events }));
  }

  /** The address of a page of ours, such as the one behind a customer's link. */
  page(path: string): string {
    return this.options.base + path;
  }

  private url(path: string): string {
    return this.page(`/v1${path}`);
  }

  /**
   * Sends until there is an answer. Safe to repeat: a GET changes nothing, a mutation carries its idempotency key, and
   * resolve, sessions and events tolerate being sent twice.
   */
  async call<T>(method: string, path: string, call: Call): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      const pause = BACKOFF_MS[attempt % (BACKOFF_MS.length + 1)];
      try {
        return await this.once<T>(method, path, call);
      } catch (error) {
        if (call.signal?.aborted) throw new Aborted();
        if (error instanceof ApiError) {
          const wait = retryDelay(error, pause);
          if (wait === null) throw error;
          await this.sleep(wait);
        } else if (pause !== undefined && navigator.onLine !== false) {
          await this.sleep(pause);
        } else if (call.failFast) {
          throw error;
        } else {
          await this.options.connection.untilRetry();
        }
        if (call.signal?.aborted) throw new Aborted();
      }
    }
  }

  private async once<T>(method: string, path: string, call: Call): Promise<T> {
    const headers: Record<string, string> = { "X-Api-Key": this.options.apiKey };
    if (call.body !== undefined) headers["Content-Type"] = "application/json";
    if (call.token) headers["X-Session-Token"] = call.token;
    if (call.key) headers["Idempotency-Key"] = call.key;
    const init: RequestInit = { method, headers, credentials: "omit" };
    if (call.body !== undefined) init.body = JSON.stringify(call.body);
    if (call.signal) init.signal = call.signal;
    let response: Response;
    let text: string;
    try {
      response = await this.fetch(this.url(path), init);
      text = await response.text();
    } catch {
      throw new NetworkError();
    }
    this.options.connection.works();
    const parsed = parse(text);
    if (response.ok) return parsed as T;
    throw new ApiError(asProblem(parsed, response));
  }
}

/** How long to wait before sending the same again, or null where the refusal is final. */
function retryDelay(error: ApiError, pause: number | undefined): number | null {
  if (pause === undefined) return null;
  const asked = (error.problem.retry_after ?? Infinity) * 1000;
  // A short wait nobody needs to read about; of a longer one the screen says so, in the server's words.
  if (error.code === "RATE_LIMITED" && asked <= LONGEST_QUIET_WAIT_MS) return asked;
  if (error.code === "IDEMPOTENCY_IN_PROGRESS" || TRANSIENT.has(error.status)) return pause;
  return null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function asProblem(parsed: unknown, response: Response): Problem {
  if (typeof parsed === "object" && parsed !== null && "code" in parsed) return parsed as Problem;
  return { status: response.status, code: `HTTP_${response.status}`, detail: response.statusText };
}
