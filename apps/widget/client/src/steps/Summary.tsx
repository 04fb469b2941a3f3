import { useState } from "preact/hooks";
import type { StepType, SummaryStep } from "../api/types";
import { HoldNotice } from "../app/HoldNotice";
import { Icon } from "../app/Icon";
import { Screen } from "../app/Screen";
import { useStore } from "../app/store";
import { useDesk } from "../app/useDesk";
import { summaryLines, type SummaryLine } from "./summaryLines";
import { chosenServices, totalOf } from "./visitServices";
import type { StepProps } from "./registry";

/** Everything on one screen, each line editable; the button says what it does. */
export function Summary({ step }: StepProps<SummaryStep>) {
  const store = useStore();
  const { booking, navigation, controller, format, t } = store;
  const desk = useDesk();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const { time, hold } = booking;
  const services = chosenServices(store).map((chosen) => chosen.service);
  const [first] = services;
  const total = totalOf(services.map((service) => service.price));

  const press = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    setError(await desk.book());
    setBusy(false);
  };
  const when = time ? format.short(time.startAt, time.timezone) : "";
  const book = step.type_config.confirm_label || t("summary.book", { when });
  const action = time
    ? { label: busy ? t("summary.booking") : book, onPress: () => void press(), busy, disabled: hold.status !== "held", testid: "book" }
    : { label: t("summary.pickTime"), onPress: () => controller.edit("timeslot") };

  return (
    <Screen
      title={step.step_config.title || t("summary.title")}
      description={step.step_config.description}
      direction={navigation.direction}
      notice={
        <>
          {error && (
            <p class="notice warn" role="alert" data-testid="book-error">
              <Icon name="alert-triangle" size={18} />
              {error}
            </p>
          )}
          <HoldNotice />
        </>
      }
      action={action}
    >
      <dl class="lines">
        {summaryLines(store).map((line) => (
          <Line key={line.key} line={line} disabled={busy} onEdit={(type) => controller.edit(type)} />
        ))}
      </dl>
      {first && (
        <div class="total">
          <span>
            {t(services.length === 1 ? "summary.total" : total.open && total.amount ? "visit.totalOpen" : "summary.sum")}
            {services.length === 1 && first.price && first.price_note && <span class="card-line">{first.price_note}</span>}
          </span>
          <strong data-testid="price">
            {total.amount ? format.price(total.amount, first.currency) : first.price_note || t("summary.noPrice")}
          </strong>
        </div>
      )}
      {step.type_config.policy_text && <p class="fine">{step.type_config.policy_text}</p>}
    </Screen>
  );
}

function Line({ line, disabled, onEdit }: { line: SummaryLine; disabled: boolean; onEdit: (type: StepType) => void }) {
  const { t } = useStore();
  return (
    <div class="line">
      <span class="line-icon">
        <Icon name={line.icon} size={20} />
      </span>
      <div class="line-text">
        <dt class="line-label">{line.label}</dt>
        <dd class="line-value">
          {line.main}
          {line.more.map((text) => (
            <span key={text} class="card-line">
              {text}
            </span>
          ))}
        </dd>
      </div>
      {line.edit && (
        <button
          type="button"
          class="link"
          data-testid={`edit-${line.key}`}
          aria-label={t("summary.editWhat", { what: line.label })}
          disabled={disabled}
          onClick={() => line.edit && onEdit(line.edit)}
        >
          {t("summary.edit")}
        </button>
      )}
    </div>
  );
}
