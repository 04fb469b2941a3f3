import { useEffect, useState } from "preact/hooks";
import { countdown, inLastMinute, remaining, untilNextChange } from "../engine/holdClock";
import { deviceZone } from "../i18n/format";
import { Icon } from "./Icon";
import { Spinner } from "./Spinner";
import { useStore } from "./store";
import { useDesk } from "./useDesk";

/** What became of the chosen time: being held, held until, ended, taken. Stands above the action on every later step. */
export function HoldNotice() {
  const { booking, format, t } = useStore();
  const desk = useDesk();
  const { hold, time } = booking;
  if (!time || hold.status === "none") return null;
  const when = format.time(time.startAt, time.timezone);
  if (hold.status === "placing") {
    return (
      <p class="notice" data-testid="hold-notice">
        <Spinner />
        {t("hold.placing", { time: when })}
      </p>
    );
  }
  if (hold.status === "held") return <Held key={hold.id} expiresAt={hold.expiresAt} skewMs={hold.skewMs} />;
  if (hold.status === "full") return <Taken when={when} />;
  return (
    <div class="notice warn" role="alert" data-testid="hold-notice">
      <Icon name={hold.status === "expired" ? "clock" : "alert-triangle"} size={18} />
      <span class="grow">{hold.status === "expired" ? t("hold.ended") : hold.reason}</span>
      <button type="button" class="link" data-testid="hold-again" onClick={() => void desk.holdAgain()}>
        {t("hold.again")}
      </button>
    </div>
  );
}

function Held({ expiresAt, skewMs }: { expiresAt: string; skewMs: number }) {
  const { booking, format, t, announce } = useStore();
  const { time } = booking;
  const desk = useDesk();
  const [left, setLeft] = useState(() => remaining(expiresAt, skewMs, Date.now()));
  const urgent = inLastMinute(left);
  useEffect(() => {
    if (left === 0) {
      desk.holdRanOut();
      return undefined;
    }
    // Measured afresh each time: a sleeping laptop or a throttled tab wakes to the truth.
    const timer = setTimeout(() => setLeft(remaining(expiresAt, skewMs, Date.now())), untilNextChange(left));
    return () => clearTimeout(timer);
  }, [left, expiresAt, skewMs]);
  const [asking, setAsking] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const refresh = async (): Promise<void> => {
    setAsking(true);
    setRefusal(await desk.refreshHold());
    setAsking(false);
  };
  const until = format.time(new Date(Date.parse(expiresAt) - skewMs).toISOString(), deviceZone());
  useEffect(() => setLeft(remaining(expiresAt, skewMs, Date.now())), [expiresAt]);
  useEffect(() => announce(urgent ? t("hold.minute") : t("live.held", { time: until })), [urgent]);
  if (!urgent) {
    return (
      <p class="notice" data-testid="hold-notice">
        <Icon name="clock" size={18} />
        {t("hold.until", { time: until })}
        <span class="notice-time">{time && format.brief(time.startAt, time.timezone)}</span>
      </p>
    );
  }
  return (
    <div class="notice urgent" data-testid="hold-notice">
      <Icon name="clock" size={18} />
      <span class="grow">
        {t("hold.left", { left: countdown(left) })}
        {refusal && (
          <span class="card-line" role="alert">
            {refusal}
          </span>
        )}
      </span>
      {!refusal && (
        <button type="button" class="link" data-testid="hold-refresh" aria-busy={asking} disabled={asking} onClick={() => void refresh()}>
          {asking && <Spinner />}
          {t("hold.more")}
        </button>
      )}
    </div>
  );
}

function Taken({ when }: { when: string }) {
  const { booking, format, t } = useStore();
  const desk = useDesk();
  const { hold, time } = booking;
  if (hold.status !== "full" || !time) return null;
  const day = format.day(time.startAt, time.timezone);
  const planned = time.lines !== null;
  return (
    <div class="notice warn column" role="alert" data-testid="hold-notice">
      <span class="row">
        <Icon name="alert-triangle" size={18} />
        {t(hold.alternatives.length > 0 ? "hold.full" : "hold.fullNone", { time: when })}
      </span>
      {hold.alternatives.length > 0 && (
        <div class="alternatives" data-testid="alternatives">
          {hold.alternatives.map((other) => (
            <button
              key={other.start_at + (other.resource?.id ?? "")}
              type="button"
              class="chip"
              onClick={() =>
                void desk.chooseTime({
                  startAt: other.start_at,
                  endAt: other.end_at,
                  resource: other.resource ?? null,
                  wishedId: other.resource?.id ?? null,
                  timezone: time.timezone,
                  lines: planned ? (other.lines ?? null) : null,
                })
              }
            >
              {format.day(other.start_at, time.timezone) === day
                ? format.time(other.start_at, time.timezone)
                : format.short(other.start_at, time.timezone)}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
