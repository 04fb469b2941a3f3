/** Milliseconds to add to the device's clock to get the server's. */
export function skew(serverNow: string, deviceNow: number): number {
  return Date.parse(serverNow) - deviceNow;
}

/** Milliseconds left; 0 once over. */
export function remaining(expiresAt: string, skewMs: number, deviceNow: number): number {
  return Math.max(0, Date.parse(expiresAt) - (deviceNow + skewMs));
}

/** The last minute is counted down, aloud and in seconds. */
export function inLastMinute(remainingMs: number): boolean {
  return remainingMs > 0 && remainingMs <= 60_000;
}

/** "0:42". */
export function countdown(remainingMs: number): string {
  const seconds = Math.ceil(remainingMs / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** When to look again: at the last minute (or in half an hour, for timers cannot be set for months), then every second. */
export function untilNextChange(remainingMs: number): number {
  if (remainingMs > 60_000) return Math.min(remainingMs - 60_000, 1_800_000);
  return remainingMs % 1000 || 1000;
}
