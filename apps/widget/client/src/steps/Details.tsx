import { useState } from "preact/hooks";
import type { DetailsStep } from "../api/types";
import { DetailField } from "../app/DetailField";
import { HoldNotice } from "../app/HoldNotice";
import { focusFirstError } from "../app/focus";
import { Screen } from "../app/Screen";
import { useStore } from "../app/store";
import { checkDetail } from "../engine/validation";
import type { StepProps } from "./registry";

/** What the service needs to know, and nothing else. */
export function Details({ step }: StepProps<DetailsStep>) {
  const { booking, navigation, dispatch, controller, recorder, t } = useStore();
  const { fields } = step.type_config;
  const [checked, setChecked] = useState<Record<string, boolean>>({});

  const leave = (key: string): void => {
    const field = fields.find((candidate) => candidate.key === key);
    if (!field) return;
    const rule = checkDetail(field, booking.details[key]);
    setChecked((known) => ({ ...known, [key]: true }));
    recorder.record("field_updated", step.id, { field: key, valid: rule === null });
    if (rule) recorder.record("validation_error", step.id, { field: key, rule });
  };
  const press = (): void => {
    const wrong = fields.filter((field) => checkDetail(field, booking.details[field.key]) !== null);
    if (wrong.length === 0) return controller.next();
    setChecked(Object.fromEntries(fields.map((field) => [field.key, true])));
    focusFirstError(`wb-${wrong[0]?.key ?? ""}`);
  };

  return (
    <Screen
      title={step.step_config.title || t("details.title")}
      description={step.step_config.description}
      direction={navigation.direction}
      notice={<HoldNotice />}
      action={{ label: t("frame.continue"), onPress: press }}
    >
      <div class="fields">
        {fields.map((field) => (
          <DetailField
            key={field.key}
            field={field}
            value={booking.details[field.key]}
            rule={checked[field.key] ? checkDetail(field, booking.details[field.key]) : null}
            onType={(value) => dispatch({ type: "detail_typed", key: field.key, value })}
            onLeave={() => leave(field.key)}
          />
        ))}
      </div>
    </Screen>
  );
}
