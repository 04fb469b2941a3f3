import { deviceZone } from "../i18n/format";
import { cityOf, zonesDiffer } from "../i18n/zones";
import type { Words } from "./words";

/** "8:00 AM in Denver · 10:00 AM for you" where the device's clock shows another time, with its weekday if that differs; else null. */
export function inBothZones(instant: string, zone: string, { format, t }: Words): string | null {
  const mine = deviceZone();
  if (!zonesDiffer(instant, zone, mine)) return null;
  const sameDay = format.day(instant, zone) === format.day(instant, mine);
  const here = sameDay ? format.time(instant, mine) : format.brief(instant, mine);
  return t("time.pair", { there: format.time(instant, zone), city: cityOf(zone, t.language), here });
}

/** "Monday, November 30, 9:00 AM", and whose time it is where the device's clock shows another. */
export function dayAndTime(instant: string, zone: string, { format, t }: Words): string {
  const when = t("page.dayTime", { day: format.day(instant, zone), time: format.time(instant, zone) });
  return zonesDiffer(instant, zone, deviceZone()) ? t("page.zoned", { when, city: cityOf(zone, t.language) }) : when;
}
