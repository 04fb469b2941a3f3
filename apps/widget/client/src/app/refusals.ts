import type { CustomerField } from "../engine/customer";

const FIELDS: readonly CustomerField[] = ["name", "phone", "email", "line1", "line2", "city", "postal_code"];

/**
 * The server's field errors as messages beside our fields. Understands both nested objects and dotted keys, so
 * {"customer": {"phone": ["…"]}} and {"customer.phone": ["…"]} read the same.
 */
export function customerErrors(errors: Record<string, unknown>): Partial<Record<CustomerField, string>> {
  const found: Partial<Record<CustomerField, string>> = {};
  const visit = (path: string, value: unknown): void => {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      for (const [key, inner] of Object.entries(value)) visit(`${path}.${key}`, inner);
      return;
    }
    const field = FIELDS.find((name) => path.split(".").pop() === name);
    const message: unknown = Array.isArray(value) ? value[0] : value;
    if (field && typeof message === "string") found[field] = message;
  };
  for (const [key, value] of Object.entries(errors)) visit(key, value);
  return found;
}
