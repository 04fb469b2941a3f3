const FIELDS: ReadonlySet<string> = new Set(["name", "phone", "email", "line1", "line2", "city", "postal_code"]);

/**
 * The server's field errors as messages beside our fields: the customer's by their names, checkout's questions by
 * their ids. Understands both nested objects and dotted keys, so {"customer": {"phone": ["…"]}} and
 * {"customer.phone": ["…"]} read the same.
 */
export function inputErrors(errors: Record<string, unknown>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [path, message] of messages(errors)) {
    const parts = path.split(".");
    const name = parts[parts.length - 1] ?? "";
    if (FIELDS.has(name) || parts[0] === "answers") found[name] = message;
  }
  return found;
}

/** The first thing that the server does not accept, in its words. */
export function firstMessage(errors: Record<string, unknown>): string | null {
  return messages(errors)[0]?.[1] ?? null;
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
