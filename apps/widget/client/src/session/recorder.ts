import type { ApiClient } from "../api/client";
import { uuid } from "../api/ids";
import { isCode, NetworkError } from "../api/errors";
import type { EventData, EventType, Session, SessionContext, SessionEvent } from "../api/types";

type Api = Pick<ApiClient, "createSession" | "getSession" | "sendEvents" | "beaconEvents">;

export interface RecorderOptions {
  api: Api;
  configId: string;
  flowVersionId: string;
  context: SessionContext;
  /** Called with each new session, so that the tab can come back to it after a reload. */
  keep: (session: Session) => void;
}

const FLUSH_MS = 2000;
const MAX_BATCH = 50;
const MAX_PAUSE_MS = 60_000;

/**
 * Records what happens in the widget and delivers it in order, in batches. Each event has its own id, so a batch that
 * is sent twice counts once. Nothing that a person typed is ever handed to it.
 */
export class SessionRecorder {
  private session: Promise<Session> | null = null;
  private current: Session | null = null;
  private queue: SessionEvent[] = [];
  private sending = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly options: RecorderOptions) {}

  /** Begins a session, or goes on with the one this tab had, if the server still has it open. */
  start(known: Session | null = null): Promise<Session> {
    this.session ??= known ? this.resume(known) : this.create();
    this.session.catch(() => {
      this.session = null;
    });
    return this.session;
  }

  /** The token for mutations, waiting for the session where it is still being made. */
  async token(): Promise<string> {
    return (await this.start()).token;
  }

  /** The server no longer accepts the token: the next one belongs to a new session. */
  async renew(): Promise<string> {
    this.session = null;
    this.current = null;
    return this.token();
  }

  record<T extends EventType>(type: T, stepId: string | null, data: EventData[T]): void {
    this.queue.push({ id: uuid(), event_type: type, timestamp: new Date().toISOString(), step_id: stepId, data });
    this.schedule(FLUSH_MS);
  }

  get pending(): number {
    return this.queue.length;
  }

  async flush(): Promise<void> {
    if (this.sending || this.queue.length === 0 || !this.current) return;
    this.sending = true;
    const batch = this.queue.slice(0, MAX_BATCH);
    try {
      await this.options.api.sendEvents(this.current.id, this.current.token, batch);
      this.drop(batch);
      this.failures = 0;
    } catch (error) {
      if (error instanceof NetworkError || isTransient(error)) this.failures += 1;
      else this.drop(batch);
    } finally {
      this.sending = false;
    }
    if (this.queue.length > 0) this.schedule(Math.min(MAX_PAUSE_MS, FLUSH_MS * 2 ** this.failures));
  }

  /** The page goes away: hand over what is left in one last message. */
  leave(): void {
    if (!this.current || this.queue.length === 0) return;
    const batch = this.queue.slice(0, MAX_BATCH);
    if (this.options.api.beaconEvents(this.current.id, this.current.token, batch)) this.drop(batch);
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private async create(): Promise<Session> {
    const { api, configId, flowVersionId, context } = this.options;
    const session = await api.createSession(configId, flowVersionId, context);
    this.queue.unshift(startEvent());
    return this.opened(session);
  }

  private async resume(known: Session): Promise<Session> {
    try {
      const state = await this.options.api.getSession(known.id, known.token);
      if (state.status === "active") return this.opened({ ...known, last_sequence: state.last_sequence });
    } catch (error) {
      if (error instanceof NetworkError) throw error;
    }
    return this.create();
  }

  private opened(session: Session): Session {
    this.current = session;
    this.options.keep(session);
    this.schedule(0);
    return session;
  }

  private drop(batch: readonly SessionEvent[]): void {
    const sent = new Set(batch.map((event) => event.id));
    this.queue = this.queue.filter((event) => !sent.has(event.id));
  }

  private schedule(delay: number): void {
    if (this.timer !== null && delay > 0) return;
    this.stop();
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.flush();
    }, delay);
  }
}

function isTransient(error: unknown): boolean {
  return isCode(error, "RATE_LIMITED", "IDEMPOTENCY_IN_PROGRESS") || /^HTTP_5/.test(String((error as { code?: unknown }).code));
}

function startEvent(): SessionEvent {
  return { id: uuid(), event_type: "session_started", timestamp: new Date().toISOString(), step_id: null, data: {} };
}
