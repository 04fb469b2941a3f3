import { parse } from "./plainDate";

/** Calendar arithmetic on plain local dates (YYYY-MM-DD). Works in UTC throughout, so no device zone can shift a day. */

export interface Cell {
  date: string;
  day: number;
}

const DAY_MS = 86_400_000;

/** 1 = Monday … 7 = Sunday: the day a week begins with in this locale. */
export function firstDayOfWeek(locale: string): number {
  try {
    const info = new Intl.Locale(locale) as Intl.Locale & {
      getWeekInfo?: () => { firstDay: number };
      weekInfo?: { firstDay: number };
    };
    const week = info.getWeekInfo?.() ?? info.weekInfo;
    if (week) return week.firstDay;
  } catch {
    // An unknown locale: fall through to the common default.
  }
  return /-(US|CA|MX|BR|JP|IN|IL|AE)\b/i.test(locale) ? 7 : 1;
}

/** Rows of seven; null where the week reaches out of the month. */
export function monthGrid(month: string, firstDay: number): (Cell | null)[][] {
  const start = parse(`${month}-01`);
  const length = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0)).getUTCDate();
  const weekday = start.getUTCDay() === 0 ? 7 : start.getUTCDay();
  const lead = (weekday - firstDay + 7) % 7;
  const cells: (Cell | null)[] = Array.from({ length: lead }, () => null);
  for (let day = 1; day <= length; day += 1) {
    cells.push({ date: `${month}-${String(day).padStart(2, "0")}`, day });
  }
  while (cells.length % 7 !== 0) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, row) => cells.slice(row * 7, row * 7 + 7));
}

export function addDays(date: string, days: number): string {
  return format(new Date(parse(date).getTime() + days * DAY_MS));
}

export function addMonths(month: string, months: number): string {
  const start = parse(`${month}-01`);
  return format(new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + months, 1))).slice(0, 7);
}

/** The last date of a month. */
export function lastDay(month: string): string {
  return addDays(`${addMonths(month, 1)}-01`, -1);
}

export function monthOf(date: string): string {
  return date.slice(0, 7);
}

/** Today's date in an IANA zone. */
export function today(timeZone: string, now: Date = new Date()): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  return parts.format(now);
}

function format(date: Date): string {
  return date.toISOString().slice(0, 10);
}
