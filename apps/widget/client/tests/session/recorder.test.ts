import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, NetworkError } from "../../src/api/errors";
import type { Session, SessionEvent } from "../../src/api/types";
import { SessionRecorder } from "../../src/session/recorder";

const SESSION: Session = { id: "s1", token: "t1", expires_at: "2099-01-01T00:00:00Z", last_sequence: 0 };

function setUp() {
  const batches: SessionEvent[][] = [];
  const beacons: SessionEvent[][] = [];
  let failure: Error | null = null;
  const api = {
    createSession: vi.fn(() => Promise.resolve(SESSION)),
    getSession: vi.fn(() => Promise.resolve({ id: "s1", status: "active" as const, current_step_id: null, last_sequence: 4 })),
    sendEvents: vi.fn((_id: string, _token: string, events: SessionEvent[]) => {
      if (failure) return Promise.reject(failure);
      batches.push(events);
      return Promise.resolve({ accepted: events.length, duplicates: 0, last_sequence: 1 });
    }),
    beaconEvents: vi.fn((_id: string, _token: string, events: SessionEvent[]) => beacons.push(events) > 0),
  };
  const context = { url: "", referrer: "", utm: {}, device: "phone" as const, language: "en", timezone: "UTC" };
  const recorder = new SessionRecorder({ api, configId: "c", flowVersionId: "v", context, keep: () => undefined });
  return { recorder, api, batches, beacons, fail: (error: Error | null) => (failure = error) };
}

describe("the recorder", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("says first that the session started", async () => {
    const { recorder, batches } = setUp();
    recorder.record("step_entered", "zip", { step_type: "zipcode", direction: "forward" });
    await recorder.start();
    await vi.advanceTimersByTimeAsync(10);
    expect(batches[0]?.map((event) => event.event_type)).toEqual(["session_started", "step_entered"]);
  });

  it("sends what came within two seconds as one batch", async () => {
    const { recorder, batches } = setUp();
    await recorder.start();
    await vi.advanceTimersByTimeAsync(10);
    recorder.record("field_updated", "you", { field: "name", valid: true });
    await vi.advanceTimersByTimeAsync(1500);
    recorder.record("field_updated", "you", { field: "phone", valid: false });
    await vi.advanceTimersByTimeAsync(600);
    expect(batches[1]).toHaveLength(2);
  });

  it("keeps the same ids over a retry, and waits longer each time", async () => {
    const { recorder, api, batches, fail } = setUp();
    await recorder.start();
    fail(new NetworkError());
    await vi.advanceTimersByTimeAsync(10);
    const ids = api.sendEvents.mock.calls[0]?.[2].map((event) => event.id);
    await vi.advanceTimersByTimeAsync(3900);
    expect(api.sendEvents).toHaveBeenCalledTimes(1);
    fail(null);
    await vi.advanceTimersByTimeAsync(200);
    expect(batches[0]?.map((event) => event.id)).toEqual(ids);
    expect(recorder.pending).toBe(0);
  });

  it("drops a batch that the server will never take", async () => {
    const { recorder, fail } = setUp();
    await recorder.start();
    fail(new ApiError({ status: 400, code: "VALIDATION_ERROR", detail: "" }));
    await vi.advanceTimersByTimeAsync(10);
    expect(recorder.pending).toBe(0);
  });

  it("hands over the rest when the page goes away", async () => {
    const { recorder, beacons } = setUp();
    await recorder.start();
    recorder.leave();
    expect(beacons[0]?.[0]?.event_type).toBe("session_started");
    expect(recorder.pending).toBe(0);
  });

  it("goes on with the session that the tab had", async () => {
    const { recorder, api } = setUp();
    const session = await recorder.start(SESSION);
    expect(session.last_sequence).toBe(4);
    expect(api.createSession).not.toHaveBeenCalled();
  });

  it("begins a new one when the server has ended the old", async () => {
    const { recorder, api } = setUp();
    api.getSession.mockRejectedValue(new ApiError({ status: 401, code: "SESSION_EXPIRED", detail: "" }));
    await recorder.start(SESSION);
    expect(api.createSession).toHaveBeenCalledOnce();
  });
});
