import { useEffect, useRef } from "preact/hooks";
import type { ServiceSelectionStep } from "../api/types";
import { Icon } from "../app/Icon";
import { Screen } from "../app/Screen";
import { useStore } from "../app/store";
import type { StepProps } from "./registry";
import { chosenServices, totalOf, type ChosenService } from "./visitServices";

const MOST = 8;

/** What the visit is for so far: take something out, add another, or go on. */
export function Visit({ step }: StepProps<ServiceSelectionStep>) {
  const store = useStore();
  const { navigation, dispatch, controller, announce, format, t } = store;
  const chosen = chosenServices(store);
  const list = useRef<HTMLUListElement>(null);
  const minutes = chosen.reduce((sum, { service }) => sum + service.duration_minutes, 0);
  const total = totalOf(chosen.map(({ service }) => service.price));
  const currency = chosen[0]?.service.currency ?? "";
  const remove = (position: number): void => {
    announce(t("visit.removed", { service: chosen[position]?.service.content.title ?? "" }));
    dispatch({ type: "service_removed", position });
    // The button that was pressed is gone: stay in the list.
    list.current?.focus();
  };
  useEffect(() => announce(t("visit.count", { count: chosen.length })), [chosen.length]);

  return (
    <Screen
      title={t("visit.title")}
      description={t("visit.text")}
      direction={navigation.direction}
      action={{ label: t("frame.continue"), onPress: () => controller.next() }}
    >
      <ul class="lines" ref={list} tabIndex={-1} data-testid="visit">
        {chosen.map((one, position) => (
          <Row key={`${position}-${one.service.id}`} one={one} onRemove={() => remove(position)} position={position} />
        ))}
      </ul>
      <div class="total" data-testid="visit-total">
        <span>
          {t(total.open && total.amount ? "visit.totalOpen" : "summary.total")}
          <span class="card-line">{format.length(minutes)}</span>
        </span>
        <strong>{total.amount ? format.price(total.amount, currency) : t("summary.noPrice")}</strong>
      </div>
      {chosen.length < MOST ? (
        <button type="button" class="secondary" data-testid="add-service" onClick={() => dispatch({ type: "another_wanted" })}>
          <Icon name="plus" size={18} />
          {t("visit.add")}
        </button>
      ) : (
        <p class="fine">{t("visit.full", { count: MOST })}</p>
      )}
      {step.step_config.description && <p class="fine">{step.step_config.description}</p>}
    </Screen>
  );
}

function Row({ one, position, onRemove }: { one: ChosenService; position: number; onRemove: () => void }) {
  const { format, t } = useStore();
  const { service, answers } = one;
  const price = service.price ? format.price(service.price, service.currency) : service.price_note;
  return (
    <li class="line" data-testid={`visit-${position}`}>
      <span class="line-icon">
        <Icon name={service.content.icon ?? "dot"} size={20} />
      </span>
      <div class="line-text">
        <span class="line-value">{service.content.title}</span>
        <span class="card-line">{[format.length(service.duration_minutes), price].filter(Boolean).join(" · ")}</span>
        {answers.length > 0 && <span class="card-line">{answers.join(" · ")}</span>}
      </div>
      <button
        type="button"
        class="ghost"
        data-testid={`remove-${position}`}
        aria-label={t("visit.remove", { service: service.content.title })}
        onClick={onRemove}
      >
        <Icon name="x" size={18} />
      </button>
    </li>
  );
}
