import type { BookingRequest, Flow, HoldRequest, Step } from "../api/types";
import { walk } from "../engine/graph";
import { customerFields, normalPhone } from "../engine/validation";
import type { BookingState, ChosenTime } from "./bookingReducer";

export function holdRequest(booking: BookingState, time: ChosenTime): HoldRequest | null {
  if (!booking.serviceId || !booking.location) return null;
  const request: HoldRequest = {
    service_id: booking.serviceId,
    location_id: booking.location.id,
    start_at: time.startAt,
    party_size: 1,
  };
  if (time.wishedId) request.resource_id = time.wishedId;
  return request;
}

/** The booking as the server wants it. Only fields that this flow asks for are sent. */
export function bookingRequest(flow: Flow, booking: BookingState, holdId: string, country: string): BookingRequest {
  const request: BookingRequest = { hold_id: holdId, party_size: 1, customer: customerOf(flow.steps, booking, country) };
  const answers = answersOf(flow.steps, booking);
  if (answers.notes) request.notes = answers.notes;
  if (Object.keys(answers.fields).length > 0) request.answers = answers.fields;
  const selection = flow.steps.find((step) => step.step_type === "service_selection");
  if (selection) {
    const walked = walk(selection.type_config, booking.path);
    request.selection = { flow_version_id: flow.version_id, node_ids: walked.visited };
  }
  return request;
}

function customerOf(steps: readonly Step[], booking: BookingState, country: string): BookingRequest["customer"] {
  const draft = booking.customer;
  const step = steps.find((candidate) => candidate.step_type === "customer");
  const asked = new Set(step ? customerFields(step.type_config) : []);
  const customer: BookingRequest["customer"] = {
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

/** A field with the key "notes" is the booking's note; every other field is an answer of its own. */
function answersOf(steps: readonly Step[], booking: BookingState): { notes: string; fields: Record<string, string> } {
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
