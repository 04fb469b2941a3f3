import { parse } from "../engine/plainDate";
import type { Translate } from ".";

/** Dates, times and prices in one locale. Instants are ISO texts; every zone is explicit. */
export interface Format {
  readonly locale: string;
  /** "10:00 AM". */
  time(instant: string, timeZone: string): string;
  /** "Tuesday, December 1". */
  day(instant: string, timeZone: string): string;
  /** "Tuesday 10:00 AM", as on the button. */
  short(instant: string, timeZone: string): string;
  /** "Tue 10:00 AM". */
  brief(instant: string, timeZone: string): string;
  /** "Tuesday, December 1" of a plain date. */
  date(date: string): string;
  /** "Tue, Dec 1" of a plain date. */
  dateShort(date: string): string;
  /** "December 2026" of "2026-12". */
  month(month: string): string;
  /** Seven names, Monday first when `firstDay` is 1. */
  weekdays(firstDay: number): { short: string; long: string }[];
  price(amount: string, currency: string): string;
  length(minutes: number): string;
}

/** In the language of the texts, as the business's country writes it: "en-DK" and Danish make "da-DK". */
export function formatter(business: string, t: Translate): Format {
  const tag = localeOf(business, t.language);
  const cache = new Map<string, Intl.DateTimeFormat>();
  const show = (value: Date, timeZone: string, options: Intl.DateTimeFormatOptions): string => {
    const id = timeZone + JSON.stringify(options);
    const known = cache.get(id) ?? new Intl.DateTimeFormat(tag, { ...options, timeZone });
    cache.set(id, known);
    return known.format(value);
  };
  const time: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit" };
  const long: Intl.DateTimeFormatOptions = { weekday: "long", month: "long", day: "numeric" };
  const onWeekday = (instant: string, zone: string, weekday: "long" | "short"): string => {
    const at = new Date(instant);
    return t("weekdayTime", { weekday: show(at, zone, { weekday }), time: show(at, zone, time) });
  };
  return {
    locale: tag,
    time: (instant, zone) => show(new Date(instant), zone, time),
    day: (instant, zone) => show(new Date(instant), zone, long),
    short: (instant, zone) => onWeekday(instant, zone, "long"),
    brief: (instant, zone) => onWeekday(instant, zone, "short"),
    date: (date) => show(parse(date), "UTC", long),
    dateShort: (date) => show(parse(date), "UTC", { weekday: "short", month: "short", day: "numeric" }),
    month: (month) => show(parse(`${month}-01`), "UTC", { month: "long", year: "numeric" }),
    weekdays: (firstDay) =>
      Array.from({ length: 7 }, (_, index) => {
        // 1 January 2024 was a Monday.
        const date = new Date(Date.UTC(2024, 0, firstDay + index, 12));
        return { short: show(date, "UTC", { weekday: "short" }), long: show(date, "UTC", { weekday: "long" }) };
      }),
    price: (amount, currency) => price(tag, amount, currency),
    length: (minutes) => length(minutes, t),
  };
}

/** The device's zone. */
export function deviceZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

function price(locale: string, amount: string, currency: string): string {
  const value = Number(amount);
  const whole = Number.isInteger(value);
  const digits = whole ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {};
  return new Intl.NumberFormat(locale, { style: "currency", currency, ...digits }).format(value);
}

function length(minutes: number, t: Translate): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return t("minutes", { count: rest });
  return rest === 0 ? t("hours", { count: hours }) : t("hoursMinutes", { hours, minutes: rest });
}

function localeOf(business: string, language: string): string {
  try {
    return new Intl.Locale(business, { language }).toString();
  } catch {
    return language;
  }
}
