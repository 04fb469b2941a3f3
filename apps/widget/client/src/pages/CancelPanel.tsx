import { useState } from "preact/hooks";
import { Field } from "../app/Field";
import { Spinner } from "../app/Spinner";
import { dayAndTime } from "../app/twoZones";
import { useWords } from "../app/words";
import type { ManagedBooking } from "./api";
import { Alarm, Heading } from "./Shell";

const REASONS = ["changed_plans", "found_other_time", "no_longer_needed", "price", "illness", "other"] as const;

interface Props {
  booking: ManagedBooking;
  busy: boolean;
  error: string | null;
  onCancel: (reason: string) => void;
  onBack: () => void;
}

/** Asked once more, with the reason and with how long it is free. */
export function CancelPanel({ booking, busy, error, onCancel, onBack }: Props) {
  const words = useWords();
  const { t } = words;
  const zone = booking.location.timezone;
  const [reason, setReason] = useState(booking.cancel_reasons[booking.cancel_reasons.length - 1]?.value ?? "other");
  const { until } = booking.cancel;
  const moment = (instant: string): string => dayAndTime(instant, zone, words);
  const when = booking.start_at ? `${moment(booking.start_at)}. ` : "";
  return (
    <>
      <Heading title={t("page.cancelSure")} text={when + t("page.cancelText")} />
      <Field id="wb-reason" label={t("page.why")}>
        <select id="wb-reason" class="input" data-testid="reason" value={reason} onChange={(event) => setReason(event.currentTarget.value)}>
          {booking.cancel_reasons.map((one) => (
            <option key={one.value} value={one.value}>
              {isWorded(one.value) ? t(`page.reason.${one.value}`) : one.words}
            </option>
          ))}
        </select>
      </Field>
      {until && <p class="fine">{t("page.moveUntil", { until: moment(until) })}</p>}
      <Alarm text={error} />
      <div class="page-actions">
        <button type="button" class="primary danger" data-testid="cancel-sure" disabled={busy} aria-busy={busy} onClick={() => onCancel(reason)}>
          {busy && <Spinner />}
          {t(busy ? "page.cancelling" : "page.cancel")}
        </button>
        <button type="button" class="secondary" data-testid="keep" onClick={onBack}>
          {t("page.keep")}
        </button>
      </div>
    </>
  );
}

/** A reason that came after this build is named by the server. */
function isWorded(reason: string): reason is (typeof REASONS)[number] {
  return (REASONS as readonly string[]).includes(reason);
}
