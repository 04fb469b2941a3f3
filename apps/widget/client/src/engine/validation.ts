import type { CustomerConfig, DetailsField } from "../api/types";
import type { CustomerDraft, CustomerField, DetailValue } from "./customer";

export type Rule = "required" | "phone" | "email" | "number" | "too_long";

const ADDRESS: readonly CustomerField[] = ["line1", "line2", "city", "postal_code"];
/** What the server stores, in characters. */
const LONGEST: Record<CustomerField, number> = {
  name: 120,
  phone: 32,
  email: 254,
  line1: 120,
  line2: 120,
  city: 80,
  postal_code: 12,
};
const CALLING_CODES: Record<string, { code: string; digits: number }> = {
  US: { code: "1", digits: 10 },
  CA: { code: "1", digits: 10 },
  DK: { code: "45", digits: 8 },
  NO: { code: "47", digits: 8 },
};

/** The fields that this flow asks for, in the order in which people think of themselves. */
export function customerFields(config: CustomerConfig): CustomerField[] {
  const fields: CustomerField[] = ["name", "phone"];
  if (config.fields.email !== "hidden") fields.push("email");
  if (config.fields.address !== "hidden") fields.push(...ADDRESS);
  return fields;
}

/** The first rule that the value breaks, or null. An optional address counts once any line of it is filled. */
export function checkCustomer(config: CustomerConfig, field: CustomerField, draft: CustomerDraft, country: string): Rule | null {
  const value = draft[field].trim();
  if (value.length > LONGEST[field]) return "too_long";
  if (value === "") return isRequired(config, field, draft) ? "required" : null;
  if (field === "phone") return normalPhone(value, country) ? null : "phone";
  if (field === "email") return /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(value) ? null : "email";
  return null;
}

function isRequired(config: CustomerConfig, field: CustomerField, draft: CustomerDraft): boolean {
  if (field === "name" || field === "phone") return true;
  if (field === "line2") return false;
  if (field === "email") return config.fields.email === "required";
  const begun = ADDRESS.some((part) => part !== "postal_code" && draft[part].trim() !== "");
  return config.fields.address === "required" || (config.fields.address === "optional" && begun);
}

/** E.164 where the country is known, the digits with a plus where one was typed; null where it cannot be a number. */
export function normalPhone(typed: string, country: string): string | null {
  if (/[^\d\s()+.\-/]/.test(typed)) return null;
  const digits = typed.replace(/\D/g, "");
  const plan = CALLING_CODES[country];
  if (typed.trim().startsWith("+")) return digits.length >= 8 && digits.length <= 15 ? `+${digits}` : null;
  if (!plan) return digits.length >= 6 && digits.length <= 15 ? digits : null;
  if (digits.length === plan.digits) return `+${plan.code}${digits}`;
  const full = plan.code.length + plan.digits;
  return digits.length === full && digits.startsWith(plan.code) ? `+${digits}` : null;
}

export function checkDetail(field: DetailsField, value: DetailValue | undefined): Rule | null {
  if (field.kind === "checkbox") return field.required && value !== true ? "required" : null;
  const text = typeof value === "string" ? value.trim() : "";
  if (text === "") return field.required ? "required" : null;
  if (field.kind === "number" && !/^-?\d+([.,]\d+)?$/.test(text)) return "number";
  return field.max_length && text.length > field.max_length ? "too_long" : null;
}
