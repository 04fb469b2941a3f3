import { checkOut, getHold, joinWaitlist, placeHold, refreshHold, releaseHold, type Proof } from "../api/bookings";
import type { ApiClient } from "../api/client";
import { Aborted, ApiError, isCode } from "../api/errors";
import { IdempotencyKeys } from "../api/idempotency";
import type { Flow, WaitlistRequest } from "../api/types";
import { skew } from "../engine/holdClock";
import type { Translate } from "../i18n";
import type { SessionRecorder } from "../session/recorder";
import type { BookingAction, BookingState, ChosenTime } from "./bookingReducer";
import type { Controller } from "./controller";
import { inputErrors, reasonOf } from "./refusals";
import { checkoutRequest, holdRequest } from "./requests";

export interface DeskOptions {
  api: ApiClient;
  recorder: SessionRecorder;
  /** Where the tab keeps the keys of intents. */
  storage: ConstructorParameters<typeof IdempotencyKeys>[0];
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
  /** The last hold that was placed and not given back: it outlives a change of the services in the state. */
  private live: string | null = null;
  private bookWork: Promise<string | null> | null = null;

  private readonly keys: IdempotencyKeys;

  constructor(private readonly options: DeskOptions) {
    this.keys = new IdempotencyKeys(options.storage);
  }

  /** Holds a time, giving back the one held before. Resolves when the outcome is in the state. */
  chooseTime(time: ChosenTime): Promise<void> {
    const { dispatch, recorder } = this.options;
    const before = this.heldId();
    const turn = (this.holdTurn += 1);
    this.live = null;
    dispatch({ type: "time_picked", time });
    recorder.record("timeslot_selected", this.options.controller.step?.id ?? null, {
      start_at: time.startAt,
      end_at: time.endAt,
      slot_id: null,
    });
    // One after the other: a hold still on its way must be known before it can be given back.
    this.holdWork = this.holdWork.then(async () => {
      if (before) await this.release(before);
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
    this.live = null;
    this.options.dispatch({ type: "hold_expired" });
  }

  /** Asks for the hold's whole length again. Resolves to a sentence where it cannot be had. */
  async refreshHold(): Promise<string | null> {
    const { api, booking, dispatch, t } = this.options;
    const hold = booking().hold;
    if (hold.status !== "held") return null;
    try {
      const longer = await this.decided(`refresh:${hold.id}`, hold.expiresAt, (proof) => refreshHold(api, hold.id, proof));
      dispatch({ type: "hold_refreshed", hold: longer, skewMs: skew(longer.now, Date.now()) });
      return null;
    } catch (error) {
      if (isCode(error, ...GONE)) this.holdRanOut();
      else if (isCode(error, "HOLD_REFRESH_LIMIT")) return t("hold.limit");
      else if (!(error instanceof Aborted)) return reasonOf(error, t);
      return null;
    }
  }

  /** Gives the held time back, if one is held. */
  async dropHold(): Promise<void> {
    const held = this.heldId();
    this.holdTurn += 1;
    this.live = null;
    this.options.dispatch({ type: "hold_dropped" });
    if (held) await this.release(held);
  }

  /** After a reload: is what was held still held? */
  async checkHold(): Promise<void> {
    const hold = this.options.booking().hold;
    if (hold.status === "placing") return this.holdAgain();
    if (hold.status !== "held") return;
    try {
      const found = await this.withToken((token) => getHold(this.options.api, hold.id, token));
      if (found.status === "released" || found.status === "expired") this.holdRanOut();
      else this.options.dispatch({ type: "hold_refreshed", hold: found, skewMs: skew(found.now, Date.now()) });
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

  /** Waits for a time instead. Resolves as `book` does. */
  async wait(request: WaitlistRequest): Promise<string | null> {
    const { api, dispatch, recorder, t } = this.options;
    try {
      const waiting = await this.decided("wait", request, (proof) => joinWaitlist(api, request, proof));
      dispatch({ type: "confirmed", booking: { ...waiting, order: null } });
      void recorder.flush();
      return null;
    } catch (error) {
      if (error instanceof Aborted) return null;
      if (isCode(error, "ALREADY_WAITING")) return t("wait.already");
      if (isCode(error, "WAITLIST_NOT_OPEN")) return t("wait.closed");
      return this.inputRefused(error) ? null : t("book.refused", { reason: reasonOf(error, t) });
    }
  }

  private async bookOnce(): Promise<string | null> {
    const { api, booking, flow, country, dispatch, recorder } = this.options;
    const hold = booking().hold;
    if (hold.status !== "held") {
      this.holdRanOut();
      return null;
    }
    const request = checkoutRequest(flow, booking(), hold.id, country);
    try {
      const done = await this.decided("book", request, (proof) => checkOut(api, request, proof));
      const [booked] = done.bookings;
      if (booked) dispatch({ type: "confirmed", booking: { ...booked, order: done.order } });
      void recorder.flush();
      return null;
    } catch (error) {
      return this.bookingRefused(error);
    }
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
    if (this.inputRefused(error)) {
      this.options.controller.edit("customer");
      return null;
    }
    return t("book.refused", { reason: reasonOf(error, t) });
  }

  /** Whether the server names fields of ours; then each says what is wrong with it. */
  private inputRefused(error: unknown): boolean {
    if (!isCode(error, "VALIDATION_ERROR")) return false;
    const refused = inputErrors(error.problem.errors ?? {}, this.options.t);
    if (Object.keys(refused).length === 0) return false;
    this.options.dispatch({ type: "input_refused", refused });
    return true;
  }

  private async place(time: ChosenTime, turn: number): Promise<void> {
    const { api, booking, dispatch, t } = this.options;
    const request = holdRequest(booking(), time);
    if (!request) return;
    try {
      const hold = await this.decided("hold", request, (proof) => placeHold(api, request, proof));
      if (turn !== this.holdTurn) return await this.release(hold.id);
      this.live = hold.id;
      dispatch({ type: "hold_placed", hold, skewMs: skew(hold.now, Date.now()) });
    } catch (error) {
      if (turn !== this.holdTurn) return;
      if (isCode(error, "SLOT_FULL")) dispatch({ type: "hold_full", alternatives: error.problem.alternatives ?? [] });
      else if (isCode(error, "ALREADY_BOOKED")) dispatch({ type: "hold_failed", reason: t("book.already") });
      else dispatch({ type: "hold_failed", reason: t("hold.failed", { reason: reasonOf(error, t) }) });
    }
  }

  private heldId(): string | null {
    const { hold } = this.options.booking();
    return hold.status === "held" ? hold.id : this.live;
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
    const key = this.keys.keyFor(intent, payload);
    try {
      const answer = await this.withToken((token) => send({ token, key }));
      this.keys.settle(intent);
      return answer;
    } catch (error) {
      if (error instanceof ApiError && isFinal(error)) this.keys.settle(intent);
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
