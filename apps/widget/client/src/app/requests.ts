import { MAX_GAP_MINUTES } from "../api/bookings";
import type { CheckoutRequest, CustomerConfig, CustomerInput, Flow, HoldRequest, Step, WaitlistRequest } from "../api/types";
import { DAY_PARTS, type WaitPart } from "../engine/dayParts";
import { walk } from "../engine/graph";
import { customerFields, normalPhone } from "../engine/validation";
import type { BookingState, ChosenTime } from "./bookingReducer";
import { pickedServices, serviceIdsOf } from "./laterReducer";

/** A visit that was shown with its people is asked for with the same. */
export function holdRequest(booking: BookingState, time: ChosenTime): HoldRequest | null {
  const [first, ...others] = serviceIdsOf(booking);
  if (!first || !booking.location) return null;
  const where = { location_id: booking.location.id, start_at: time.startAt, party_size: 1 };
  if (others.length === 0 && !time.lines) {
    return { ...where, service_id: first, ...(time.wishedId && { resource_id: time.wishedId }) };
  }
  const services = [first, ...others].map((id, position) => {
    const person = time.lines?.[position]?.resource?.id;
    return { service_id: id, ...(person && { resource_id: person }) };
  });
  return { ...where, services, mode: "chain", same_person: booking.samePerson, max_gap_minutes: MAX_GAP_MINUTES };
}

/** The booking as the server wants it. Only fields that this flow asks for are sent. */
export function checkoutRequest(flow: Flow, booking: BookingState, holdId: string, country: string): CheckoutRequest {
  const step = flow.steps.find((candidate) => candidate.step_type === "customer");
  const customer = customerInput(step?.type_config ?? null, booking, country);
  const request: CheckoutRequest = { hold_ids: [holdId], customer: { ...customer, preferences: booking.preferences } };
  const details = detailsOf(flow.steps, booking);
  if (details.notes) request.notes = details.notes;
  if (Object.keys(details.fields).length > 0) request.details = details.fields;
  const answers = answersOf(booking);
  if (Object.keys(answers).length > 0) request.answers = answers;
  const selection = flow.steps.find((candidate) => candidate.step_type === "service_selection");
  const [picked] = pickedServices(booking);
  if (selection && picked) {
    const walked = walk(selection.type_config, picked.path);
    request.selection = { flow_version_id: flow.version_id, node_ids: walked.visited };
  }
  return request;
}

/** What somebody who waits says of when. Days and times are the location's. */
export interface WaitWanted {
  firstDate: string;
  lastDate: string;
  part: WaitPart;
  resourceId: string | null;
  partySize: number;
}

export function waitlistRequest(booking: BookingState, config: CustomerConfig, want: WaitWanted, country: string): WaitlistRequest | null {
  if (!booking.location) return null;
  return {
    location_id: booking.location.id,
    services: serviceIdsOf(booking).map((id) => ({ service_id: id })),
    party_size: want.partySize,
    first_date: want.firstDate,
    last_date: want.lastDate,
    ...DAY_PARTS[want.part],
    ...(want.resourceId && { resource_id: want.resourceId }),
    customer: customerInput(config, booking, country),
  };
}

function customerInput(config: CustomerConfig | null, booking: BookingState, country: string): CustomerInput {
  const draft = booking.customer;
  const asked = new Set(config ? customerFields(config) : []);
  const customer: CustomerInput = {
    name: draft.name.trim(),
    phone: normalPhone(draft.phone, country) ?? draft.phone.trim(),
  };
  if (asked.has("email") && draft.email.trim()) customer.email = draft.email.trim();
  if (asked.has("line1") && draft.line1.trim()) {
    customer.address = { line1: draft.line1.trim(), city: draft.city.trim(), postal_code: draft.postal_code.trim() };
    if (draft.line2.trim()) customer.address.line2 = draft.line2.trim();
  }
  return customer;
}

/** A field with the key "notes" is the booking's note; every other field is a detail of its own. */
function detailsOf(steps: readonly Step[], booking: BookingState): { notes: string; fields: Record<string, string> } {
  const fields: Record<string, string> = {};
  let notes = "";
  for (const step of steps) {
    if (step.step_type !== "details") continue;
    for (const field of step.type_config.fields) {
      const raw = booking.details[field.key];
      const value = typeof raw === "string" ? raw.trim() : raw ? "yes" : "";
      if (value === "") continue;
      if (field.key === "notes") notes = value;
      else fields[field.key] = value;
    }
  }
  return { notes, fields };
}

/** Only what is asked now: an answer to the question of a service that was taken out again stays in the tab. */
function answersOf(booking: BookingState): Record<string, string | boolean> {
  const answers: Record<string, string | boolean> = {};
  for (const question of booking.questions ?? []) {
    const raw = booking.answers[question.id];
    const text = typeof raw === "string" ? raw.trim() : "";
    if (text === "") continue;
    answers[question.id] = question.kind === "yes_no" ? text === "yes" : text;
  }
  return answers;
}
