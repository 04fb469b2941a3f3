import type { Language } from "./languages";

/** Whether two zones show another time on the clock at this instant. */
export function zonesDiffer(instant: string, one: string, other: string): boolean {
  const wall = (timeZone: string): string =>
    new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short", timeStyle: "short" }).format(new Date(instant));
  try {
    return wall(one) !== wall(other);
  } catch {
    return false;
  }
}

/** Cities that a language calls by a name of its own. */
const OWN_NAMES: Partial<Record<Language, Record<string, string>>> = { da: { "Europe/Copenhagen": "København" } };

/** "America/Denver" → "Denver". */
export function cityOf(timeZone: string, language: Language): string {
  const own = OWN_NAMES[language]?.[timeZone];
  if (own) return own;
  return (timeZone.split("/").pop() ?? timeZone).replace(/_/g, " ");
}
