import type { DetailsField, StepType } from "../api/types";
import type { Store } from "../app/store";
import { walk } from "../engine/graph";
import { customerFields } from "../engine/validation";
import { cityOf, deviceZone, zonesDiffer } from "../i18n/format";
import { contentOf } from "./choiceContent";

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
  const lines = [serviceLine(view), timeLine(view), placeLine(view), customerLine(view), detailsLine(view)];
  const types = new Set(view.steps.map((step) => step.step_type));
  return lines
    .filter((line) => line.main !== "" || line.more.length > 0)
    .map((line) => ({ ...line, edit: line.edit && types.has(line.edit) ? line.edit : null }));
}

function serviceLine({ booking, resolved, steps, format, t }: View): SummaryLine {
  const service = booking.serviceId ? resolved.flow.services[booking.serviceId] : undefined;
  const step = steps.find((candidate) => candidate.step_type === "service_selection");
  const answers = step
    ? walk(step.type_config, booking.path)
        .answered.filter((answered) => answered.choice.serviceId === null)
        .map((answered) => contentOf(answered.choice, resolved.flow).title)
    : [];
  const more = service ? [format.length(service.duration_minutes)] : [];
  if (answers.length > 0) more.push(answers.join(" · "));
  return {
    key: "service",
    icon: service?.content.icon ?? "wrench",
    label: t("summary.service"),
    main: service?.content.title ?? "",
    more,
    edit: "service_selection",
  };
}

function timeLine({ booking, format, t }: View): SummaryLine {
  const time = booking.time;
  const more: string[] = [];
  let main = "";
  if (time) {
    main = `${format.day(time.startAt, time.timezone)}\n${format.time(time.startAt, time.timezone)}`;
    const here = deviceZone();
    if (zonesDiffer(time.startAt, time.timezone, here)) {
      const there = format.time(time.startAt, time.timezone);
      more.push(t("time.pair", { there, city: cityOf(time.timezone), here: format.time(time.startAt, here) }));
    }
    if (time.resource) more.push(time.resource.name);
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

function detailsLine({ booking, steps, t }: View): SummaryLine {
  const fields = steps.flatMap((step) => (step.step_type === "details" ? step.type_config.fields : []));
  const more = fields.map((field) => detailText(field, booking.details[field.key])).filter(Boolean);
  return { key: "details", icon: "info", label: t("summary.details"), main: "", more, edit: "details" };
}

/** "Door: blue", or the label alone where a tick says it all. */
function detailText(field: DetailsField, value: string | boolean | undefined): string {
  if (typeof value !== "string") return value ? field.label : "";
  const text = field.options?.find((option) => option.value === value)?.label ?? value.trim();
  return text && join(field.label, text);
}

function join(label: string, text: string): string {
  return /[?:.!]$/.test(label) ? `${label} ${text}` : `${label}: ${text}`;
}
