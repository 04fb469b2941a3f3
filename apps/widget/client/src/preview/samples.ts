import type { DateTimeslots, DayPart, MonthAvailability, Timeslot } from "../api/types";
import { addDays, addMonths, lastDay, monthOf, today } from "../engine/monthGrid";

/** Times that nobody offers, for flows that do not know a place with hours yet. The same ones every time. */

const HOURS = [8, 9, 10, 11, 13, 14, 15, 16, 17];
const HORIZON_DAYS = 45;

/** Weekdays, from tomorrow on. */
function hoursOf(date: string, zone: string): number[] {
  const now = today(zone);
  if (date <= now || date > addDays(now, HORIZON_DAYS)) return [];
  const day = new Date(`${date}T00:00:00Z`);
  const weekday = day.getUTCDay();
  if (weekday === 0 || weekday === 6) return [];
  const busy = day.getUTCDate() % 4;
  return HOURS.filter((hour) => busy < 3 || hour > 13);
}

export function sampleMonth(month: string, zone: string): MonthAvailability {
  const last = Number(lastDay(month).slice(8));
  const days = Array.from({ length: last }, (_, index) => {
    const date = `${month}-${String(index + 1).padStart(2, "0")}`;
    const available = hoursOf(date, zone).length;
    return { date, available, level: available === 0 ? "none" : available > 5 ? "many" : "few" } as const;
  });
  const here = days.find((day) => day.available > 0)?.date ?? null;
  return { month, timezone: zone, location_timezone: zone, days, next_available_date: here ?? nextAfter(month, zone) };
}

function nextAfter(month: string, zone: string): string | null {
  let date = `${addMonths(month, 1)}-01`;
  const now = today(zone);
  if (monthOf(date) < monthOf(now)) date = now;
  for (let day = 0; day < 14; day += 1, date = addDays(date, 1)) {
    if (hoursOf(date, zone).length > 0) return date;
  }
  return null;
}

export function sampleDay(date: string, zone: string, minutes: number): DateTimeslots {
  const timeslots = hoursOf(date, zone).map((hour): Timeslot => {
    const start = instantOf(date, hour, zone);
    return {
      start_at: new Date(start).toISOString(),
      end_at: new Date(start + minutes * 60_000).toISOString(),
      day_part: partOf(hour),
      seats: 1,
      resources: [],
    };
  });
  return { date, timezone: zone, location_timezone: zone, timeslots, total: timeslots.length, has_more: false, exposure_id: null };
}

function partOf(hour: number): DayPart {
  return hour < 12 ? "morning" : hour < 17 ? "afternoon" : "evening";
}

/** The instant at which clocks in the zone show this hour of this date, in milliseconds. */
function instantOf(date: string, hour: number, zone: string): number {
  const wanted = Date.parse(`${date}T${String(hour).padStart(2, "0")}:00:00Z`);
  const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
  const shown = Date.parse(`${clock.format(wanted).replace(" ", "T")}Z`);
  return wanted - (shown - wanted);
}
