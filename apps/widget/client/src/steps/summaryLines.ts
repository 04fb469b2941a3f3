import type { DetailsField, ItineraryLine, StepType } from "../api/types";
import type { Store } from "../app/store";
import { choicesOf } from "../engine/choices";
import { fieldOf } from "../engine/questions";
import { customerFields } from "../engine/validation";
import type { Translate } from "../i18n";
import { inBothZones } from "../app/twoZones";
import { chosenServices } from "./visitServices";

export interface SummaryLine {
  key: string;
  icon: string;
  label: string;
  main: string;
  more: string[];
  /** The step that changes it, where there is one. */
  edit: StepType | null;
}

type View = Pick<Store, "booking" | "resolved" | "steps" | "format" | "t">;

/** What was entered, as lines to read. Lines without content are left out. */
export function summaryLines(view: View): SummaryLine[] {
  const lines = [...serviceLines(view), timeLine(view), placeLine(view), customerLine(view), questionsLine(view), detailsLine(view)];
  const types = new Set(view.steps.map((step) => step.step_type));
  return lines
    .filter((line) => line.main !== "" || line.more.length > 0)
    .map((line) => ({ ...line, edit: line.edit && types.has(line.edit) ? line.edit : null }));
}

/** One line a service. Of several, each says who does it from when to when, and what it costs. */
function serviceLines(view: View): SummaryLine[] {
  const { booking, format, t } = view;
  const chosen = chosenServices(view);
  return chosen.map(({ service, answers }, position) => {
    const line = booking.time?.lines?.[position];
    const more = line && booking.time ? [...periodsInWords(line, booking.time.timezone, view)] : [format.length(service.duration_minutes)];
    if (chosen.length > 1) more.push(service.price ? format.price(service.price, service.currency) : service.price_note);
    if (answers.length > 0) more.push(answers.join(" · "));
    return {
      key: position === 0 ? "service" : `service-${position + 1}`,
      icon: service.content.icon ?? "wrench",
      label: chosen.length > 1 ? t("summary.serviceOf", { number: position + 1, count: chosen.length }) : t("summary.service"),
      main: service.content.title,
      more: more.filter(Boolean),
      edit: position === 0 ? "service_selection" : null,
    };
  });
}

/** "9:00–9:30 · Freja"; a day each where it is split over days. */
function periodsInWords(line: ItineraryLine, zone: string, { format, t }: View): string[] {
  return line.periods.map((period) => {
    const range = t("time.range", { from: format.time(period.start_at, zone), to: format.time(period.end_at, zone) });
    const day = line.periods.length > 1 ? format.day(period.start_at, zone) : "";
    return [day, range, line.resource?.name ?? ""].filter(Boolean).join(" · ");
  });
}

function timeLine({ booking, format, t }: View): SummaryLine {
  const time = booking.time;
  const more: string[] = [];
  let main = "";
  if (time) {
    main = `${format.day(time.startAt, time.timezone)}\n${format.time(time.startAt, time.timezone)}`;
    const zones = inBothZones(time.startAt, time.timezone, { format, t });
    if (zones) more.push(zones);
    if (time.resource && !time.lines) more.push(time.resource.name);
  }
  return { key: "when", icon: "calendar", label: t("summary.when"), main, more, edit: "timeslot" };
}

/** The customer's address where we come to them, else the location. */
function placeLine({ booking, t }: View): SummaryLine {
  const { line1, line2, city, postal_code: postal } = booking.customer;
  const street = [line1, line2].map((part) => part.trim()).filter(Boolean).join(", ");
  const town = [city.trim(), (postal || booking.zip).trim()].filter(Boolean).join(" ");
  const here = booking.location?.name ?? "";
  if (street) return { key: "where", icon: "map-pin", label: t("summary.where"), main: street, more: [town], edit: "customer" };
  const main = [here, booking.zip].filter(Boolean).join(" · ");
  return { key: "where", icon: "map-pin", label: t("summary.where"), main, more: [], edit: "zipcode" };
}

function customerLine({ booking, steps, t }: View): SummaryLine {
  const step = steps.find((candidate) => candidate.step_type === "customer");
  const asked = step ? customerFields(step.type_config) : [];
  const more = [booking.customer.phone, asked.includes("email") ? booking.customer.email : ""];
  return {
    key: "you",
    icon: "user",
    label: t("summary.you"),
    main: booking.customer.name.trim(),
    more: more.map((text) => text.trim()).filter(Boolean),
    edit: "customer",
  };
}

/** What the business asked, with its answers. */
function questionsLine({ booking, t }: View): SummaryLine {
  const more = (booking.questions ?? [])
    .map((question) => detailText(fieldOf(question), booking.answers[question.id], t))
    .filter(Boolean);
  return { key: "questions", icon: "help-circle", label: t("summary.questions"), main: "", more, edit: "customer" };
}

function detailsLine({ booking, steps, t }: View): SummaryLine {
  const fields = steps.flatMap((step) => (step.step_type === "details" ? step.type_config.fields : []));
  const more = fields.map((field) => detailText(field, booking.details[field.key], t)).filter(Boolean);
  return { key: "details", icon: "info", label: t("summary.details"), main: "", more, edit: "details" };
}

/** "Door: blue", or the label alone where a tick says it all. */
function detailText(field: DetailsField, value: string | boolean | undefined, t: Translate): string {
  if (typeof value !== "string") return value ? field.label : "";
  const text = choicesOf(field, { yes: t("yes"), no: t("no") }).find((option) => option.value === value)?.label ?? value.trim();
  return text && join(field.label, text);
}

function join(label: string, text: string): string {
  return /[?:.!]$/.test(label) ? `${label} ${text}` : `${label}: ${text}`;
}
