import type { VisitLine } from "../api/types";
import { Itinerary } from "../app/Itinerary";
import { inBothZones } from "../app/twoZones";
import { useWords } from "../app/words";
import { dayPartOf } from "../engine/dayParts";
import type { Format } from "../i18n/format";
import type { Translate } from "../i18n";
import type { Waiting } from "./api";

interface Props {
  startAt: string | null;
  zone: string;
  place: string;
  lines: VisitLine[];
  reference: string;
  /** Decimal as text; null where there is no fixed price. */
  total: string | null;
  currency: string;
  over?: boolean;
  waiting?: Waiting | null;
}

/** The visit: when, line by line, where, for how much. */
export function VisitCard({ startAt, zone, place, lines, reference, total, currency, over = false, waiting = null }: Props) {
  const words = useWords();
  const { format, t } = words;
  const zones = startAt && inBothZones(startAt, zone, words);
  return (
    <div class={over ? "ticket over" : "ticket"} data-testid="visit-card">
      {startAt && (
        <p class="ticket-when">
          {format.day(startAt, zone)}
          <strong>{format.time(startAt, zone)}</strong>
          {zones && <span class="card-line">{zones}</span>}
        </p>
      )}
      {startAt ? (
        <Itinerary lines={lines} zone={zone} label={t("page.visit")} />
      ) : (
        <p class="ticket-when">{lines.map((line) => line.title).join(", ")}</p>
      )}
      {waiting && (
        <p class="ticket-ref" data-testid="waits-for">
          <span class="quiet">{t("page.waitsFor")}</span>
          <strong>
            {daysOf(waiting, format, t)}
            {hoursOf(waiting, format, t) && <span class="card-line">{hoursOf(waiting, format, t)}</span>}
          </strong>
        </p>
      )}
      <p class="ticket-ref">
        <span class="quiet">{t("page.where")}</span>
        <strong>{place}</strong>
      </p>
      {total !== null && (
        <p class="ticket-ref">
          <span class="quiet">{t("page.total")}</span>
          <strong>{format.price(total, currency)}</strong>
        </p>
      )}
      <p class="ticket-ref">
        <span class="quiet">{t("done.reference")}</span>
        <strong data-testid="reference">{reference}</strong>
      </p>
    </div>
  );
}

function daysOf({ first_date: first, last_date: last }: Waiting, format: Format, t: Translate): string {
  if (first === last) return format.dateShort(first);
  return t("page.waitsDays", { first: format.dateShort(first), last: format.dateShort(last) });
}

function hoursOf({ earliest_time: earliest, latest_time: latest }: Waiting, format: Format, t: Translate): string {
  const part = dayPartOf(earliest, latest);
  if (part) return part === "any" ? "" : t(`time.${part}`);
  const clock = (time: string): string => format.time(`1970-01-01T${time}Z`, "UTC");
  const from = earliest && clock(earliest);
  const until = latest && clock(latest);
  if (from && until) return t("page.waitsBetween", { from, until });
  if (from) return t("page.waitsFrom", { time: from });
  return until ? t("page.waitsUntil", { time: until }) : "";
}
