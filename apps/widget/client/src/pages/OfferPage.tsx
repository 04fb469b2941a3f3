import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../api/errors";
import type { BrandKit } from "../api/types";
import { Icon } from "../app/Icon";
import { Problem } from "../app/Problem";
import { Skeleton } from "../app/Skeleton";
import { useLoad } from "../app/useLoad";
import { useWords } from "../app/words";
import { countdown, inLastMinute, remaining, skew, untilNextChange } from "../engine/holdClock";
import { reasonOf } from "../app/refusals";
import type { PlainKey } from "../i18n";
import { deviceZone } from "../i18n/format";
import type { Language } from "../i18n/languages";
import { totalOf } from "../steps/visitServices";
import type { LinkApi, Offer } from "./api";
import { Alarm, Broken, Heading, Shell, Waiting } from "./Shell";
import { usePageWords } from "./usePageWords";
import { VisitCard } from "./VisitCard";

const ANSWERED: Record<string, { title: PlainKey; text: PlainKey; icon: string; tone: string }> = {
  accepted: { title: "offer.accepted", text: "offer.acceptedText", icon: "check", tone: "done" },
  declined: { title: "offer.declined", text: "offer.declinedText", icon: "clock", tone: "" },
  lapsed: { title: "offer.lapsed", text: "offer.lapsedText", icon: "clock", tone: "" },
};

interface Props {
  api: LinkApi;
  /** Null where only the business can say. */
  language: Language | null;
  dress: (kit: BrandKit | null) => void;
}

/** A time that came free for somebody on the waitlist: take it or let it go, while it is kept. */
export function OfferPage({ api, language, dress }: Props) {
  const [broken, setBroken] = useState(false);
  const loaded = useLoad("offer", (signal) =>
    api.offer(signal).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 404) setBroken(true);
      throw error;
    }),
  );
  const offer = loaded.data;
  const words = usePageWords(language, offer?.organization.locale ?? null, loaded.failed);
  useEffect(() => {
    if (offer) dress(offer.brand_kit);
  }, [offer !== null]);
  if (!words) return <Waiting />;
  return (
    <Shell words={words} connection={api.connection} kit={offer?.brand_kit ?? null} name={offer?.business ?? ""}>
      {offer && <Answer offer={offer} api={api} reload={loaded.reload} />}
      {!offer && broken && <Broken />}
      {!offer && loaded.failed && !broken && <Problem onRetry={loaded.reload} refusal={loaded.refusal} />}
      {!offer && !loaded.failed && <Skeleton label={words.t("frame.loading")} />}
    </Shell>
  );
}

function Answer({ offer, api, reload }: { offer: Offer; api: LinkApi; reload: () => void }) {
  const { t } = useWords();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const answer = async (verb: "accept" | "decline"): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await api.answer(verb);
    } catch (failure) {
      setError(reasonOf(failure, t) || t("problem.text"));
    }
    reload();
    setBusy(false);
  };
  const total = totalOf(offer.lines.map((line) => line.price));
  const answered = ANSWERED[offer.status];
  return (
    <>
      {answered ? <Heading title={t(answered.title)} text={t(answered.text)} icon={answered.icon} tone={answered.tone} /> : <Heading title={t("offer.title")} />}
      <VisitCard
        startAt={offer.start_at}
        zone={offer.location.timezone}
        place={offer.location.name}
        lines={offer.lines}
        reference={offer.booking_reference}
        total={total.amount}
        currency={offer.currency}
        over={offer.status === "declined" || offer.status === "lapsed"}
      />
      <Alarm text={answered ? null : error} />
      {offer.manage_token && (
        <div class="page-actions">
          <a class="primary" data-testid="manage-link" href={`/manage/${offer.manage_token}${window.location.search}`}>
            {t("offer.manage")}
          </a>
        </div>
      )}
      {!answered && (
        <div class="page-actions">
          <Kept offer={offer} onOver={reload} />
          <button type="button" class="primary" data-testid="accept" disabled={busy} aria-busy={busy} onClick={() => void answer("accept")}>
            {t("offer.accept")}
          </button>
          <button type="button" class="secondary" data-testid="decline" disabled={busy} onClick={() => void answer("decline")}>
            {t("offer.decline")}
          </button>
        </div>
      )}
    </>
  );
}

function Kept({ offer, onOver }: { offer: Offer; onOver: () => void }) {
  const { t, format } = useWords();
  const [skewMs] = useState(() => skew(offer.now, Date.now()));
  const [left, setLeft] = useState(() => remaining(offer.expires_at, skewMs, Date.now()));
  useEffect(() => {
    if (left === 0) {
      onOver();
      return undefined;
    }
    const timer = setTimeout(() => setLeft(remaining(offer.expires_at, skewMs, Date.now())), untilNextChange(left));
    return () => clearTimeout(timer);
  }, [left]);
  const until = new Date(Date.parse(offer.expires_at) - skewMs).toISOString();
  return (
    <p class={inLastMinute(left) ? "notice urgent" : "notice"} data-testid="kept">
      <Icon name="clock" size={18} />
      {inLastMinute(left) ? t("offer.left", { left: countdown(left) }) : t("offer.kept", { time: format.time(until, deviceZone()) })}
    </p>
  );
}
