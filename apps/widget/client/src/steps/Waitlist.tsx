import { useState } from "preact/hooks";
import type { CustomerConfig } from "../api/types";
import { useBackHandler } from "../app/backHandler";
import { Field } from "../app/Field";
import { focusFirstError } from "../app/focus";
import { Icon } from "../app/Icon";
import { waitlistRequest, type WaitWanted } from "../app/requests";
import { Screen } from "../app/Screen";
import { useStore } from "../app/store";
import { useDesk } from "../app/useDesk";
import { usePerson } from "../app/usePerson";
import { lastDay, today } from "../engine/monthGrid";

const PARTS = ["any", "morning", "afternoon", "evening"] as const;
const LARGEST_PARTY = 20;

/** Nothing is free: wait for a time within some days. What was typed stays, whatever the server says. */
export function Waitlist({ month, stepId, onBack }: { month: string; stepId: string; onBack: () => void }) {
  const { booking, resolved, steps, t } = useStore();
  const desk = useDesk();
  const config = waitingConfig(steps.flatMap((step) => (step.step_type === "customer" ? [step.type_config] : []))[0]);
  const person = usePerson(config, stepId);
  const now = today(resolved.organization.timezone);
  const [want, setWant] = useState<WaitWanted>(() => ({
    firstDate: now > `${month}-01` ? now : `${month}-01`,
    lastDate: lastDay(month),
    part: "any",
    resourceId: booking.wished?.id ?? null,
    partySize: 1,
  }));
  const [pressed, setPressed] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  useBackHandler(onBack);

  const change = (part: Partial<WaitWanted>): void => setWant((known) => ({ ...known, ...part }));
  const wrongDays = want.firstDate === "" || want.lastDate < (want.firstDate > now ? want.firstDate : now);
  const join = async (): Promise<void> => {
    setPressed(true);
    const wrong = wrongDays ? "wb-last-date" : person.firstWrong();
    if (wrong) return focusFirstError(wrong);
    const request = waitlistRequest(booking, config, want, resolved.organization.country);
    if (!request) return;
    setBusy(true);
    setError(null);
    setError(await desk.wait(request));
    setBusy(false);
  };

  return (
    <Screen
      title={t("wait.title")}
      description={t("wait.text")}
      direction="forward"
      notice={
        error && (
          <p class="notice warn" role="alert" data-testid="wait-error">
            <Icon name="alert-triangle" size={18} />
            {error}
          </p>
        )
      }
      action={{ label: t("wait.join"), onPress: () => void join(), busy, testid: "wait" }}
    >
      <div class="fields pair">
        <Day id="first-date" label={t("wait.first")} min={now} value={want.firstDate} onPick={(firstDate) => change({ firstDate })} />
        <Day
          id="last-date"
          label={t("wait.last")}
          min={want.firstDate || now}
          value={want.lastDate}
          error={pressed && wrongDays ? t("wait.wrongDays") : null}
          onPick={(lastDate) => change({ lastDate })}
        />
      </div>
      <div class="people-row" role="group" aria-label={t("wait.when")}>
        {PARTS.map((part) => (
          <button key={part} type="button" class="chip" data-testid={`wait-${part}`} aria-pressed={want.part === part} onClick={() => change({ part })}>
            {t(part === "any" ? "wait.any" : `time.${part}`)}
          </button>
        ))}
      </div>
      {booking.wished && (
        <label class="check">
          <input
            type="checkbox"
            checked={want.resourceId !== null}
            onChange={(event) => change({ resourceId: event.currentTarget.checked ? (booking.wished?.id ?? null) : null })}
          />
          <span>{t("wait.only", { name: booking.wished.name })}</span>
        </label>
      )}
      <Party size={want.partySize} onChange={(partySize) => change({ partySize })} />
      {person.fields}
      {config.consent_text && <p class="fine">{config.consent_text}</p>}
    </Screen>
  );
}

interface DayProps {
  id: string;
  label: string;
  min: string;
  value: string;
  error?: string | null;
  onPick: (date: string) => void;
}

function Day({ id, label, min, value, error = null, onPick }: DayProps) {
  return (
    <Field id={`wb-${id}`} label={label} error={error}>
      <input
        id={`wb-${id}`}
        class="input"
        type="date"
        data-testid={id}
        min={min}
        value={value}
        aria-invalid={error !== null}
        aria-describedby={`wb-${id}-note`}
        onInput={(event) => onPick(event.currentTarget.value)}
      />
    </Field>
  );
}

function Party({ size, onChange }: { size: number; onChange: (size: number) => void }) {
  const { t } = useStore();
  const button = (by: number, name: "minus" | "plus", disabled: boolean) => (
    <button type="button" class="ghost" aria-label={t(`wait.${name}`)} disabled={disabled} onClick={() => onChange(size + by)}>
      <Icon name={name} size={18} />
    </button>
  );
  return (
    <div class="party" role="group" aria-label={t("wait.party")}>
      <span class="grow">{t("wait.party")}</span>
      {button(-1, "minus", size <= 1)}
      <output data-testid="party">{size}</output>
      {button(1, "plus", size >= LARGEST_PARTY)}
    </div>
  );
}

/** Somebody who waits is written to: their address can wait, too. */
function waitingConfig(config: CustomerConfig | undefined): CustomerConfig {
  const email = config?.fields.email ?? "optional";
  return { fields: { email: email === "hidden" ? "optional" : email, address: "hidden" }, consent_text: config?.consent_text ?? "" };
}
