/** The instant of a local date's noon in UTC: for naming the day with `timeZone: "UTC"`, and for counting days. */
export function parse(date: string): Date {
  return new Date(`${date}T12:00:00Z`);
}
