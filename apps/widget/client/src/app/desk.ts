import { confirmBooking, createBooking, getHold, placeHold, releaseHold, type Proof } from "../api/bookings";
import type { ApiClient } from "../api/client";
import { Aborted, ApiError, isCode } from "../api/errors";
import type { IdempotencyKeys } from "../api/idempotency";
import type { Flow } from "../api/types";
import { skew } from "../engine/holdClock";
import type { Translate } from "../i18n";
import type { SessionRecorder } from "../session/recorder";
import type { BookingAction, BookingState, ChosenTime } from "./bookingReducer";
import type { Controller } from "./controller";
import { customerErrors } from "./refusals";
import { bookingRequest, holdRequest } from "./requests";

export interface DeskOptions {
  api: ApiClient;
  recorder: SessionRecorder;
  keys: IdempotencyKeys;
  controller: Controller;
  flow: Flow;
  country: string;
  t: Translate;
  booking: () => BookingState;
  dispatch: (action: BookingAction) => void;
}

const GONE = ["HOLD_EXPIRED", "HOLD_NOT_ACTIVE", "NOT_FOUND"] as const;

/** Where a time is held and a booking made: every mutation, each under the key of its intent. */
export class Desk {
  private holdWork: Promise<void> = Promise.resolve();
  private holdTurn = 0;
  private bookWork: Promise<string | null> | null = null;

  constructor(private readonly options: DeskOptions) {}

  /** Holds a time, giving back the one held before. Resolves when the outcome is in the state. */
  chooseTime(time: ChosenTime): Promise<void> {
    const { dispatch, recorder, booking } = this.options;
    const before = booking().hold;
    const turn = (this.holdTurn += 1);
    dispatch({ type: "time_picked", time });
    recorder.record("timeslot_selected", this.options.controller.step?.id ?? null, {
      start_at: time.startAt,
      end_at: time.endAt,
      slot_id: null,
    });
    // One after the other: a hold still on its way must be known before it can be given back.
    this.holdWork = this.holdWork.then(async () => {
      if (before.status === "held") await this.release(before.id);
      if (turn === this.holdTurn) await this.place(time, turn);
    });
    return this.holdWork;
  }

  /** The hold ended: ask for the same time once more. */
  holdAgain(): Promise<void> {
    const time = this.options.booking().time;
    return time ? this.chooseTime(time) : Promise.resolve();
  }

  holdRanOut(): void {
    this.options.dispatch({ type: "hold_expired" });
  }

  /** Gives the held time back, if one is held. */
  async dropHold(): Promise<void> {
    const hold = this.options.booking().hold;
    this.holdTurn += 1;
    this.options.dispatch({ type: "hold_dropped" });
    if (hold.status === "held") await this.release(hold.id);
  }

  /** After a reload: is what was held still held? */
  async checkHold(): Promise<void> {
    const hold = this.options.booking().hold;
    if (hold.status === "placing") return this.holdAgain();
    if (hold.status !== "held") return;
    try {
      const found = await this.withToken((token) => getHold(this.options.api, hold.id, token));
      if (found.status === "released" || found.status === "expired") this.holdRanOut();
    } catch (error) {
      if (isCode(error, ...GONE)) this.holdRanOut();
    }
  }

  /**
   * Books what is on the summary. Resolves to null when it is booked or when the state says what to do next, else to a
   * sentence for the customer. Pressing again while it runs joins the running one.
   */
  book(): Promise<string | null> {
    this.bookWork ??= this.bookOnce().finally(() => {
      this.bookWork = null;
    });
    return this.bookWork;
  }

  private async bookOnce(): Promise<string | null> {
    try {
      const id = this.options.booking().heldBookingId ?? (await this.makeBooking());
      if (id) await this.confirm(id);
      return null;
    } catch (error) {
      return this.bookingRefused(error);
    }
  }

  private async makeBooking(): Promise<string | null> {
    const { api, booking, flow, country, dispatch } = this.options;
    const hold = booking().hold;
    if (hold.status !== "held") {
      this.holdRanOut();
      return null;
    }
    const request = bookingRequest(flow, booking(), hold.id, country);
    const held = await this.decided("book", request, (proof) => createBooking(api, request, proof));
    dispatch({ type: "booking_held", id: held.id });
    return held.id;
  }

  private async confirm(id: string): Promise<void> {
    const { api, dispatch, recorder } = this.options;
    const booked = await this.decided(`confirm:${id}`, id, (proof) => confirmBooking(api, id, proof));
    dispatch({ type: "confirmed", booking: booked });
    void recorder.flush();
  }

  private bookingRefused(error: unknown): string | null {
    const { dispatch, t } = this.options;
    if (error instanceof Aborted) return null;
    if (isCode(error, "SLOT_FULL")) {
      dispatch({ type: "hold_full", alternatives: error.problem.alternatives ?? [] });
      return null;
    }
    if (isCode(error, ...GONE)) {
      this.holdRanOut();
      return null;
    }
    if (isCode(error, "ALREADY_BOOKED")) return t("book.already");
    if (isCode(error, "VALIDATION_ERROR")) {
      const refused = customerErrors(error.problem.errors ?? {});
      if (Object.keys(refused).length > 0) {
        dispatch({ type: "customer_refused", refused });
        this.options.controller.edit("customer");
        return null;
      }
    }
    return t("book.refused", { reason: reasonOf(error) });
  }

  private async place(time: ChosenTime, turn: number): Promise<void> {
    const { api, booking, dispatch, t } = this.options;
    const request = holdRequest(booking(), time);
    if (!request) return;
    try {
      const hold = await this.decided("hold", request, (proof) => placeHold(api, request, proof));
      if (turn !== this.holdTurn) await this.release(hold.id);
      else dispatch({ type: "hold_placed", hold, skewMs: skew(hold.now, Date.now()) });
    } catch (error) {
      if (turn !== this.holdTurn) return;
      if (isCode(error, "SLOT_FULL")) dispatch({ type: "hold_full", alternatives: error.problem.alternatives ?? [] });
      else if (isCode(error, "ALREADY_BOOKED")) dispatch({ type: "hold_failed", reason: t("book.already") });
      else dispatch({ type: "hold_failed", reason: t("hold.failed", { reason: reasonOf(error) }) });
    }
  }

  private async release(id: string): Promise<void> {
    try {
      await this.decided(`release:${id}`, id, (proof) => releaseHold(this.options.api, id, proof));
    } catch {
      // It ends by itself in a few minutes; whoever wants the same time is told by the server.
    }
  }

  /** Sends one intent under its own key, and forgets the key once the server has decided. */
  private async decided<T>(intent: string, payload: unknown, send: (proof: Proof) => Promise<T>): Promise<T> {
    const key = this.options.keys.keyFor(intent, payload);
    try {
      const answer = await this.withToken((token) => send({ token, key }));
      this.options.keys.settle(intent);
      return answer;
    } catch (error) {
      if (error instanceof ApiError && isFinal(error)) this.options.keys.settle(intent);
      throw error;
    }
  }

  private async withToken<T>(send: (token: string) => Promise<T>): Promise<T> {
    try {
      return await send(await this.options.recorder.token());
    } catch (error) {
      if (!isCode(error, "SESSION_EXPIRED")) throw error;
      return send(await this.options.recorder.renew());
    }
  }
}

function isFinal(error: ApiError): boolean {
  return error.status < 500 && error.status !== 429 && error.code !== "IDEMPOTENCY_IN_PROGRESS";
}

function reasonOf(error: unknown): string {
  return error instanceof ApiError ? error.problem.detail : "";
}
