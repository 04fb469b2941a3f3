import { ApiError } from "../api/errors";
import type { Translate } from "../i18n";

const FIELDS: ReadonlySet<string> = new Set(["name", "phone", "email", "line1", "line2", "city", "postal_code"]);

/**
 * The server's field errors as messages beside our fields: the customer's by their names, checkout's questions by
 * their ids. Understands both nested objects and dotted keys, so {"customer": {"phone": ["…"]}} and
 * {"customer.phone": ["…"]} read the same.
 */
export function inputErrors(errors: Record<string, unknown>, t: Translate): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [path, message] of messages(errors)) {
    const parts = path.split(".");
    const name = parts[parts.length - 1] ?? "";
    if (FIELDS.has(name) || parts[0] === "answers") found[name] = t.language === "en" ? message : t("refused.field");
  }
  return found;
}

/** The refusals that a customer meets, which the widget words itself. */
const WORDED = [
  "SLOT_FULL",
  "SLOT_NOT_BOOKABLE",
  "TOO_MANY_HOLDS",
  "HOLD_EXPIRED",
  "SELECTION_MISMATCH",
  "VENDOR_NOT_SUPPORTED",
  "ONLINE_CHANGE_OFF",
  "TOO_LATE_TO_CANCEL",
  "TOO_LATE_TO_RESCHEDULE",
  "CHECK_IN_TOO_EARLY",
  "CHECK_IN_CLOSED",
  "INVALID_TRANSITION",
  "NOT_WAITING",
  "WAITLIST_OFFER_ANSWERED",
  "WAITLIST_OFFER_LAPSED",
] as const;
const MANY_SECONDS = 90;

/** Why something was refused, in the customer's language; the server's own words are English. */
export function reasonOf(error: unknown, t: Translate): string {
  if (!(error instanceof ApiError)) return "";
  const { code, problem } = error;
  const [wrong] = messages(problem.errors ?? {});
  if (wrong) return t.language === "en" ? wrong[1] : t("refused.input");
  if (code === "RATE_LIMITED") return t("refused.tooFast", { time: waitInWords(problem.retry_after ?? 1, t) });
  const worded = WORDED.find((known) => known === code);
  if (worded) return t(`refused.${worded}`);
  return t.language === "en" ? problem.detail : t("refused.other");
}

function waitInWords(seconds: number, t: Translate): string {
  return seconds > MANY_SECONDS ? t("refused.minutes", { count: Math.ceil(seconds / 60) }) : t("refused.seconds", { count: seconds });
}

function messages(errors: Record<string, unknown>, prefix = ""): [path: string, message: string][] {
  return Object.entries(errors).flatMap(([key, value]): [string, string][] => {
    const path = prefix + key;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return messages(value as Record<string, unknown>, `${path}.`);
    }
    const message: unknown = Array.isArray(value) ? value[0] : value;
    return typeof message === "string" ? [[path, message]] : [];
  });
}
