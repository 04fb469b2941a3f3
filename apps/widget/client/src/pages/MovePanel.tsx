import { useEffect, useState } from "preact/hooks";
import { MonthCalendar } from "../app/MonthCalendar";
import { Problem } from "../app/Problem";
import { Spinner } from "../app/Spinner";
import { useLoad } from "../app/useLoad";
import { useWords } from "../app/words";
import { monthOf, today } from "../engine/monthGrid";
import { deviceZone } from "../i18n/format";
import { cityOf, zonesDiffer } from "../i18n/zones";
import type { LinkApi, ManagedBooking } from "./api";
import { Alarm, Heading } from "./Shell";

interface Props {
  booking: ManagedBooking;
  api: LinkApi;
  busy: boolean;
  error: string | null;
  onMove: (startAt: string) => void;
  onBack: () => void;
}

/** A new day and time; the old time stays the customer's until the new one is. */
export function MovePanel({ booking, api, busy, error, onMove, onBack }: Props) {
  const { t, format } = useWords();
  const zone = booking.location.timezone;
  const now = today(zone);
  const own = booking.start_at ? today(zone, new Date(booking.start_at)) : now;
  const [month, setMonth] = useState(monthOf(own));
  const [date, setDate] = useState<string | null>(null);
  const [start, setStart] = useState<string | null>(null);
  const days = useLoad(month, (signal) => api.month(month, signal));
  const times = useLoad(date, (signal) => api.times(date ?? "", signal));
  useEffect(() => {
    if (!days.data || (date && monthOf(date) === month)) return;
    // The visit's own day first: most people move by hours.
    const stays = days.data.days.some((day) => day.date === own && day.available > 0);
    pick(stays ? own : days.data.next_available_date);
  }, [days.data]);
  useEffect(() => {
    // What was free a moment ago may be the reason.
    if (error) times.reload();
  }, [error]);
  const pick = (day: string | null): void => {
    setDate(day);
    setStart(null);
  };
  const free = (times.data?.times ?? []).filter((time) => time.start_at !== booking.start_at);
  return (
    <>
      <Heading title={t("page.pickTime")} text={t("page.pickText")} />
      {days.failed ? (
        <Problem onRetry={days.reload} refusal={days.refusal} />
      ) : (
        <MonthCalendar month={month} first={monthOf(now)} today={now} data={days.data} chosen={date} onTurn={setMonth} onPick={pick} />
      )}
      {days.data && !days.data.next_available_date && <p class="hint">{t("page.noDays", { month: format.month(month) })}</p>}
      {date && monthOf(date) === month && (
        <div class="times" role="group" aria-label={t("time.free", { day: format.date(date) })}>
          <h3 class="subtitle">{format.date(date)}</h3>
          {free[0] && zonesDiffer(free[0].start_at, zone, deviceZone()) && (
            <p class="quiet zone">{t("time.zone", { city: cityOf(zone, t.language) })}</p>
          )}
          {times.data && free.length === 0 && <p class="quiet">{t("page.noTimes")}</p>}
          <div class="slots double">
            {free.map((time) => (
              <button key={time.start_at} type="button" class="slot" data-testid={`time-${time.start_at}`} aria-pressed={time.start_at === start} onClick={() => setStart(time.start_at)}>
                <span class="slot-time">{format.time(time.start_at, zone)}</span>
                {zonesDiffer(time.start_at, zone, deviceZone()) && (
                  <span class="slot-line">{t("time.yours", { time: format.time(time.start_at, deviceZone()) })}</span>
                )}
                {time.people.length > 0 && <span class="slot-line">{time.people.map((name) => name.split(" ")[0]).join(", ")}</span>}
              </button>
            ))}
          </div>
        </div>
      )}
      <div class="page-actions sticky">
        <Alarm text={error} />
        <button type="button" class="primary" data-testid="move" disabled={!start || busy} aria-busy={busy} onClick={() => start && onMove(start)}>
          {busy && <Spinner />}
          {start ? t(busy ? "page.moving" : "page.moveTo", { when: `${format.short(start, zone)}` }) : t("time.pick")}
        </button>
        <button type="button" class="secondary" data-testid="keep" onClick={onBack}>
          {t("page.keep")}
        </button>
      </div>
    </>
  );
}
