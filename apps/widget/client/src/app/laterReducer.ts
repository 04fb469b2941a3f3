import type { Hold } from "../api/types";
import { extendReducer, NO_TIME, type BookingState, type ChosenTime, type LaterAction, type Picked } from "./bookingReducer";

/** The services of the visit, in the order in which they were chosen. */
export function pickedServices(state: Pick<BookingState, "visit" | "path" | "serviceId">): Picked[] {
  const { visit, path, serviceId } = state;
  return serviceId === null ? visit : [...visit, { path, serviceId }];
}

export function serviceIdsOf(state: Pick<BookingState, "visit" | "path" | "serviceId">): string[] {
  return pickedServices(state).map((picked) => picked.serviceId);
}

export function laterReducer(state: BookingState, action: LaterAction): BookingState {
  switch (action.type) {
    case "another_wanted":
      return { ...state, visit: pickedServices(state), path: [], serviceId: null };
    case "another_dropped":
      return { ...state, ...standing(state.visit) };
    case "service_removed":
      return { ...state, ...NO_TIME, ...standing(pickedServices(state).filter((_, position) => position !== action.position)) };
    case "same_person":
      return { ...state, ...NO_TIME, questions: state.questions, date: state.date, samePerson: action.wanted };
    case "detail_typed":
      return { ...state, details: { ...state.details, [action.key]: action.value } };
    case "date_picked":
      return { ...state, date: action.date };
    case "resource_wished":
      return { ...state, wished: action.resource };
    case "time_picked":
      return { ...state, time: action.time, hold: { status: "placing" } };
    case "hold_placed":
      return placed(state, action.hold, action.skewMs);
    case "hold_refreshed":
      return { ...state, hold: heldBy(action.hold, action.skewMs) };
    case "hold_expired":
      return { ...state, hold: { status: "expired" } };
    case "hold_full":
      return { ...state, hold: { status: "full", alternatives: action.alternatives } };
    case "hold_failed":
      return { ...state, hold: { status: "failed", reason: action.reason } };
    case "hold_dropped":
      return { ...state, time: null, hold: { status: "none" } };
    case "customer_typed":
      return { ...state, customer: { ...state.customer, [action.field]: action.value }, refused: without(state.refused, action.field) };
    case "preferred":
      return { ...state, preferences: { ...state.preferences, ...action.preferences } };
    case "questions_fetched":
      return { ...state, questions: action.questions };
    case "question_answered":
      return { ...state, answers: { ...state.answers, [action.id]: action.value }, refused: without(state.refused, action.id) };
    case "input_refused":
      return { ...state, refused: action.refused };
    case "confirmed":
      return { ...state, confirmed: action.booking, hold: { status: "none" } };
  }
}

extendReducer(laterReducer);

/** The last of these services stands as if it had just been chosen; without any, the conversation begins again. */
function standing(services: readonly Picked[]): Pick<BookingState, "visit" | "path" | "serviceId"> {
  const last = services[services.length - 1];
  return { visit: services.slice(0, -1), path: last?.path ?? [], serviceId: last?.serviceId ?? null };
}

function placed(state: BookingState, hold: Hold, skewMs: number): BookingState {
  const planned = state.time?.lines || hold.lines.length > 1;
  const time: ChosenTime = {
    startAt: hold.start_at,
    endAt: hold.end_at,
    resource: hold.resource,
    wishedId: state.time?.wishedId ?? null,
    timezone: state.time?.timezone ?? hold.location.timezone,
    lines: planned ? hold.lines : null,
  };
  return { ...state, time, hold: heldBy(hold, skewMs) };
}

function heldBy(hold: Hold, skewMs: number): BookingState["hold"] {
  return { status: "held", id: hold.id, expiresAt: hold.expires_at, skewMs };
}

function without(refused: BookingState["refused"], name: string): BookingState["refused"] {
  const { [name]: _, ...rest } = refused;
  return rest;
}
