import { useEffect, useState } from "preact/hooks";
import { ApiError, isCode } from "../api/errors";
import type { BrandKit } from "../api/types";
import { CalendarButtons } from "../app/CalendarButtons";
import { CallLink } from "../app/CallLink";
import { Problem } from "../app/Problem";
import { Skeleton } from "../app/Skeleton";
import { dayAndTime } from "../app/twoZones";
import { useLoad } from "../app/useLoad";
import { useWords } from "../app/words";
import { reasonOf } from "../app/refusals";
import type { PlainKey, Translate } from "../i18n";
import type { Language } from "../i18n/languages";
import type { LinkApi, ManagedBooking, Possibility } from "./api";
import { CancelPanel } from "./CancelPanel";
import { MovePanel } from "./MovePanel";
import { Alarm, Broken, Heading, Shell, Waiting } from "./Shell";
import { usePageWords } from "./usePageWords";
import { VisitCard } from "./VisitCard";

interface Props {
  api: LinkApi;
  /** Null where only the business can say. */
  language: Language | null;
  dress: (kit: BrandKit | null) => void;
}

/** A customer's visit behind its link: look at it, move it, cancel it, say that one is here. */
export function ManagePage({ api, language, dress }: Props) {
  const [broken, setBroken] = useState(false);
  const loaded = useLoad("booking", (signal) =>
    api.booking(signal).catch((error: unknown) => {
      if (isCode(error, "NOT_FOUND", "LINK_UNKNOWN") || (error instanceof ApiError && error.status === 404)) setBroken(true);
      throw error;
    }),
  );
  const booking = loaded.data;
  const words = usePageWords(language, booking?.organization.locale ?? null, loaded.failed);
  useEffect(() => {
    if (booking) dress(booking.brand_kit);
  }, [booking?.id]);
  if (!words) return <Waiting />;
  return (
    <Shell words={words} connection={api.connection} kit={booking?.brand_kit ?? null} name={booking?.organization.name ?? ""}>
      {booking && <Visit key={booking.version} booking={booking} api={api} reload={loaded.reload} />}
      {!booking && broken && <Broken />}
      {!booking && loaded.failed && !broken && <Problem onRetry={loaded.reload} refusal={loaded.refusal} />}
      {!booking && !loaded.failed && <Skeleton label={words.t("frame.loading")} />}
    </Shell>
  );
}

const OVERRUN_MS = 3_600_000;

type Open = "nothing" | "move" | "cancel" | "leave";

function Visit({ booking, api, reload }: { booking: ManagedBooking; api: LinkApi; reload: () => void }) {
  const { t } = useWords();
  const [open, setOpen] = useState<Open>("nothing");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const act = async (work: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await work();
      reload();
    } catch (failure) {
      setError(wordsOf(failure, t));
      if (isCode(failure, "STALE_VERSION")) reload();
    }
    setBusy(false);
  };
  const state = stateOf(booking);
  const name = booking.greeting;
  const title = state.title === "page.visit" && name ? t("page.hello", { name }) : t(state.title);
  if (open === "move") return <MovePanel booking={booking} api={api} busy={busy} error={error} onMove={(start) => void act(() => api.reschedule(start, booking.version))} onBack={() => setOpen("nothing")} />;
  if (open === "cancel") return <CancelPanel booking={booking} busy={busy} error={error} onCancel={(reason) => void act(() => api.cancel(reason, booking.version))} onBack={() => setOpen("nothing")} />;
  return (
    <>
      <Heading title={title} text={state.text && t(state.text)} {...(state.icon && { icon: state.icon, tone: state.tone })} />
      <VisitCard
        startAt={booking.start_at}
        zone={booking.location.timezone}
        place={booking.location.name}
        lines={booking.lines}
        reference={booking.reference}
        total={booking.total_price}
        currency={booking.currency}
        over={state.over}
        waiting={booking.waiting}
      />
      <Alarm text={error} />
      {booking.waiting?.offer_token && (
        <a class="primary" data-testid="see-offer" href={`/offers/${booking.waiting.offer_token}${window.location.search}`}>
          {t("page.seeOffer")}
        </a>
      )}
      {booking.check_in.possible && (
        <div class="panel">
          <p class="quiet">{t("page.checkInText")}</p>
          <button type="button" class="primary" data-testid="check-in" aria-busy={busy} disabled={busy} onClick={() => void act(() => api.checkIn())}>
            {t("page.checkIn")}
          </button>
        </div>
      )}
      {!state.over && !state.here && booking.start_at && booking.end_at && (
        <section class="page-part">
          <h3 class="group-title">{t("done.add")}</h3>
          <CalendarButtons
            entry={{
              id: booking.id,
              title: `${booking.lines.map((line) => line.title).join(", ")} – ${booking.organization.name}`,
              description: `${t("done.reference")}: ${booking.reference}\n${window.location.href}`,
              location: booking.location.name,
              startAt: booking.start_at,
              endAt: booking.end_at,
            }}
          />
        </section>
      )}
      <div class="page-actions">
        <Change what="reschedule" how={booking.reschedule} booking={booking} label={t("page.move")} onPress={() => setOpen("move")} />
        <Change what="cancel" how={booking.cancel} booking={booking} label={t("page.cancel")} onPress={() => setOpen("cancel")} />
        {booking.leave_waitlist && open !== "leave" && (
          <button type="button" class="secondary" data-testid="leave-waitlist" onClick={() => setOpen("leave")}>
            {t("page.leave")}
          </button>
        )}
        {open === "leave" && (
          <div class="panel" role="alertdialog" aria-label={t("page.leaveSure")}>
            <p>{t("page.leaveSure")}</p>
            <button type="button" class="primary" data-testid="leave-sure" disabled={busy} onClick={() => void act(() => api.leaveWaitlist())}>
              {t("page.leave")}
            </button>
            <button type="button" class="secondary" onClick={() => setOpen("nothing")}>
              {t("page.stay")}
            </button>
          </div>
        )}
      </div>
      <Call booking={booking} over={state.over} />
    </>
  );
}

/** A button while it can be done; else until when it could, in words. */
function Change({ what, how, booking, label, onPress }: { what: "cancel" | "reschedule"; how: Possibility; booking: ManagedBooking; label: string; onPress: () => void }) {
  const words = useWords();
  const { t } = words;
  const until = how.until && dayAndTime(how.until, booking.location.timezone, words);
  if (how.possible) {
    return (
      <div>
        <button type="button" class="secondary" data-testid={what} onClick={onPress}>
          {label}
        </button>
        {until && <p class="fine">{t("page.moveUntil", { until })}</p>}
      </div>
    );
  }
  if (how.why_not === "too_late" && until) return <p class="hint">{t(`page.late.${what}`, { until })}</p>;
  return how.why_not === "not_online" ? <p class="hint">{t(`page.offline.${what}`)}</p> : null;
}

function Call({ booking, over }: { booking: ManagedBooking; over: boolean }) {
  const { t } = useWords();
  const phone = booking.organization.phone_number;
  return phone ? <CallLink t={t} phone={phone} text={over ? "fallback.call" : "page.call"} kind="link" /> : null;
}

interface State {
  title: PlainKey;
  text: PlainKey | null;
  icon: string;
  tone: string;
  /** Nothing more will come of it. */
  over: boolean;
  /** The customer has come. */
  here: boolean;
}

function stateOf(booking: ManagedBooking): State {
  const since = booking.end_at === null ? -1 : Date.now() - Date.parse(booking.end_at);
  const past = since > 0;
  // Who is here may be served for longer than was planned.
  const longPast = since > OVERRUN_MS;
  const plain = { text: null, icon: "", tone: "", over: false, here: false };
  switch (booking.status) {
    case "cancelled":
      // Without a time it was a place on the waitlist.
      return { ...plain, title: booking.start_at ? "page.cancelled" : "page.left", icon: "x", over: true };
    case "expired":
      return { ...plain, title: "page.expired", text: "page.expiredText", icon: "clock", over: true };
    case "waitlisted":
      return { ...plain, title: "page.waiting", text: "page.waitingText", icon: "clock" };
    case "pending":
      return { ...plain, title: "page.pending", text: "page.pendingText", icon: "clock" };
    case "pending_cancellation":
      return { ...plain, title: "page.asked", text: "page.askedText", icon: "clock" };
    case "completed":
    case "no_show":
      return { ...plain, title: "page.past", over: true };
    case "checked_in":
    case "being_served":
      if (longPast) return { ...plain, title: "page.past", over: true };
      return { ...plain, title: "page.checkedIn", text: "page.checkedInText", icon: "check", tone: "done", here: true };
    default:
      return past ? { ...plain, title: "page.past", over: true } : { ...plain, title: "page.visit" };
  }
}

function wordsOf(error: unknown, t: Translate): string {
  if (isCode(error, "STALE_VERSION")) return t("page.changed");
  return t("page.refused", { reason: reasonOf(error, t) });
}
