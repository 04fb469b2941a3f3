/** The parts of a day that somebody may wait for, as the API has them: the earliest and the latest start. */
export const DAY_PARTS = {
  any: {},
  morning: { latest_time: "11:59" },
  afternoon: { earliest_time: "12:00", latest_time: "16:59" },
  evening: { earliest_time: "17:00" },
} as const;

export type WaitPart = keyof typeof DAY_PARTS;

/** The part that these limits are, "HH:MM" or with seconds; null where they are others. */
export function dayPartOf(earliest: string | null, latest: string | null): WaitPart | null {
  const same = (limit: string | null, expected: string | undefined): boolean => (limit ?? "").slice(0, 5) === (expected ?? "");
  const parts = Object.entries(DAY_PARTS) as [WaitPart, { earliest_time?: string; latest_time?: string }][];
  return parts.find(([, part]) => same(earliest, part.earliest_time) && same(latest, part.latest_time))?.[0] ?? null;
}
