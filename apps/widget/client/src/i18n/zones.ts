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

/** "America/Denver" → "Denver". */
export function cityOf(timeZone: string): string {
  return (timeZone.split("/").pop() ?? timeZone).replace(/_/g, " ");
}
