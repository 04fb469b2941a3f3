import type { CheckoutQuestion, DetailsField, Flow, Resolved, Step } from "../api/types";
import { EMPTY_BOOKING, type BookingState, type ChosenTime } from "../app/bookingReducer";
import { askingSteps, fixedLocation } from "../app/flow";
import { serviceIdsOf } from "../app/laterReducer";
import { START, type NavigationState } from "../app/navigationReducer";
import type { CustomerDraft, DetailValue } from "../engine/customer";
import { zipShape } from "../engine/zip";
import { fieldOf } from "../engine/questions";
import { walk } from "../engine/graph";
import type { Screen } from "./protocol";
import { SAMPLE_LOCATION, type PreviewServer } from "./server";

/** Where a visitor stands, and what they have entered until then. */
export interface Visit {
  booking: BookingState;
  navigation: NavigationState;
}

const PHONES: Record<string, string> = { US: "(303) 555-0142", CA: "(416) 555-0142", DK: "32 12 34 56", NO: "22 12 34 56" };

/** Somebody who has just opened the widget. */
export function arrival(resolved: Resolved): Visit {
  return { booking: { ...EMPTY_BOOKING, location: whereFirst(resolved) }, navigation: START };
}

/** Somebody who has answered everything before this screen, as plausibly as a machine can. */
export async function visitorAt(screen: Screen, resolved: Resolved, server: PreviewServer): Promise<Visit> {
  const steps = askingSteps(resolved.flow);
  const found = steps.findIndex((step) => step.step_type === screen);
  const index = found < 0 ? steps.length - 1 : found;
  if (found < 0 && screen !== "done") return arrival(resolved);
  let { booking } = arrival(resolved);
  const answered = screen === "done" ? steps : steps.slice(0, index);
  for (const step of answered) booking = await answer(step, booking, resolved, server);
  const navigation = { ...START, index, completed: answered.map((step) => step.id) };
  if (screen !== "done" || booking.hold.status !== "held" || !booking.time) return { booking, navigation };
  const hold = server.holdOf(requestFor(booking, booking.time.startAt));
  return { booking: { ...booking, hold: { status: "none" }, confirmed: { ...server.bookingOf(hold), order: null } }, navigation };
}

async function answer(step: Step, booking: BookingState, resolved: Resolved, server: PreviewServer): Promise<BookingState> {
  switch (step.step_type) {
    case "zipcode": {
      const area = step.type_config.areas?.[0];
      if (!area) return booking;
      const prefix = area.zip_prefixes?.[0] ?? "";
      const zip = area.zip_codes[0] ?? area.zip_ranges?.[0]?.[0] ?? prefix.padEnd(zipShape(step.type_config).length, "0");
      const customer = { ...booking.customer, postal_code: zip };
      return { ...booking, zip, customer, location: { id: area.location_id, name: area.location_name } };
    }
    case "service_selection": {
      const path = firstPath(resolved.flow);
      return { ...booking, path, serviceId: walk(step.type_config, path).serviceId };
    }
    case "details":
      return { ...booking, details: Object.fromEntries(step.type_config.fields.map((field) => [field.key, sampleOf(field)])) };
    case "timeslot":
      return withTime(booking, server);
    case "customer":
      return withPerson(booking, resolved, await server.questions(serviceIdsOf(booking)));
    case "summary":
      return booking;
  }
}

/** The first choice at each question, down to where nothing follows. */
function firstPath(flow: Flow): string[] {
  const step = flow.steps.find((candidate) => candidate.step_type === "service_selection");
  const path: string[] = [];
  if (step?.step_type !== "service_selection") return path;
  for (;;) {
    const walked = walk(step.type_config, path);
    const choice = walked.choices[0];
    // A circle in a draft: its second round offers what was chosen before.
    if (walked.terminal || !choice || path.includes(choice.node.id)) return path;
    path.push(choice.node.id);
  }
}

async function withTime(booking: BookingState, server: PreviewServer): Promise<BookingState> {
  const services = serviceIdsOf(booking);
  if (!booking.location || services.length === 0) return booking;
  const day = await server.firstTime(booking.location.id, services);
  const [slot] = day.timeslots;
  if (!slot) return booking;
  const hold = server.holdOf(requestFor(booking, slot.start_at));
  const time: ChosenTime = {
    startAt: slot.start_at, endAt: slot.end_at, resource: slot.resources[0] ?? null, wishedId: null, timezone: day.location_timezone, lines: slot.lines ?? null,
  };
  return { ...booking, date: day.date, time, hold: { status: "held", id: hold.id, expiresAt: hold.expires_at, skewMs: 0 } };
}

function withPerson(booking: BookingState, resolved: Resolved, questions: CheckoutQuestion[]): BookingState {
  const customer: CustomerDraft = {
    name: "Alex Example", phone: PHONES[resolved.organization.country] ?? "+45 32 12 34 56", email: "alex@example.com", line1: "12 Sample Street",
    line2: "", city: "Sampletown", postal_code: booking.zip || "12345",
  };
  const answers = Object.fromEntries(questions.map((question) => [question.id, sampleOf(fieldOf(question))]));
  return { ...booking, customer, questions, answers };
}

function sampleOf(field: DetailsField): DetailValue {
  if (field.kind === "checkbox") return true;
  if (field.kind === "select") return field.options?.[0]?.value ?? "";
  if (field.kind === "yes_no") return "yes";
  if (field.kind === "number") return "12";
  return (field.kind === "textarea" ? "What a customer writes here." : "Sample answer").slice(0, field.max_length ?? undefined);
}

function requestFor(booking: BookingState, startAt: string) {
  const [serviceId = ""] = serviceIdsOf(booking);
  return { service_id: serviceId, location_id: booking.location?.id ?? "", start_at: startAt, party_size: 1 };
}

/** Without a zip code step and without a place of its own, a flow would have no times at all to show. */
function whereFirst(resolved: Resolved): BookingState["location"] {
  const { flow, organization } = resolved;
  if (flow.steps.some((step) => step.step_type === "zipcode")) return null;
  return fixedLocation(flow) ?? { id: SAMPLE_LOCATION, name: organization.name };
}
