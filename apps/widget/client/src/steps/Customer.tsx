import { useState } from "preact/hooks";
import type { CustomerStep } from "../api/types";
import { described, Field } from "../app/Field";
import { focusFirstError } from "../app/focus";
import { HoldNotice } from "../app/HoldNotice";
import { Screen } from "../app/Screen";
import { useStore } from "../app/store";
import { readablePhone } from "../engine/phone";
import type { CustomerField } from "../engine/customer";
import { checkCustomer, customerFields, normalPhone, type Rule } from "../engine/validation";
import type { MessageKey } from "../i18n";
import type { StepProps } from "./registry";

interface Input {
  testid: string;
  type: "text" | "tel" | "email";
  autocomplete: "name" | "tel" | "email" | "address-line1" | "address-line2" | "address-level2" | "postal-code";
  inputMode: "text" | "tel" | "email" | "numeric";
  help?: MessageKey;
}

const INPUTS: Record<CustomerField, Input> = {
  name: { testid: "customer-name", type: "text", autocomplete: "name", inputMode: "text" },
  phone: { testid: "customer-phone", type: "tel", autocomplete: "tel", inputMode: "tel", help: "you.phoneHelp" },
  email: { testid: "customer-email", type: "email", autocomplete: "email", inputMode: "email", help: "you.emailHelp" },
  line1: { testid: "address-line1", type: "text", autocomplete: "address-line1", inputMode: "text" },
  line2: { testid: "address-line2", type: "text", autocomplete: "address-line2", inputMode: "text" },
  city: { testid: "address-city", type: "text", autocomplete: "address-level2", inputMode: "text" },
  postal_code: { testid: "address-postal", type: "text", autocomplete: "postal-code", inputMode: "numeric" },
};
const EXAMPLES: Record<string, string> = { US: "(303) 555-0142", CA: "(416) 555-0142", DK: "32 12 34 56" };

/** Who it is for: the right keyboard for each field, errors beside it once it was left. */
export function Customer({ step }: StepProps<CustomerStep>) {
  const { booking, navigation, resolved, dispatch, controller, recorder, t } = useStore();
  const config = step.type_config;
  const country = resolved.organization.country;
  const fields = customerFields(config);
  const [left, setLeft] = useState<Partial<Record<CustomerField, boolean>>>({});
  const check = (field: CustomerField): Rule | null => checkCustomer(config, field, booking.customer, country);

  const leave = (field: CustomerField): void => {
    const value = booking.customer[field];
    if (value === "" && !left[field]) return;
    const rule = check(field);
    setLeft((known) => ({ ...known, [field]: true }));
    recorder.record("field_updated", step.id, { field, valid: rule === null });
    if (rule) recorder.record("validation_error", step.id, { field, rule });
    const phone = field === "phone" ? normalPhone(value, country) : null;
    if (phone && readablePhone(phone) !== value) dispatch({ type: "customer_typed", field, value: readablePhone(phone) });
  };
  const press = (): void => {
    const wrong = fields.filter((field) => check(field) !== null || booking.refused[field]);
    if (wrong.length === 0) return controller.next();
    setLeft(Object.fromEntries(fields.map((field) => [field, true])));
    focusFirstError(`wb-${wrong[0] ?? ""}`);
  };
  const error = (field: CustomerField): string | null => {
    const rule = left[field] ? check(field) : null;
    if (!rule) return booking.refused[field] ?? null;
    if (rule === "required") return t(`error.required.${field}` as MessageKey);
    return t(`error.${rule}`, { example: EXAMPLES[country] ?? "+45 32 12 34 56" });
  };
  const optional = (field: CustomerField): boolean =>
    field === "line2" ||
    (field === "email" && config.fields.email === "optional") ||
    (config.fields.address === "optional" && ["line1", "city", "postal_code"].includes(field));

  return (
    <Screen
      title={step.step_config.title || t("you.title")}
      description={step.step_config.description}
      direction={navigation.direction}
      notice={<HoldNotice />}
      action={{ label: t("frame.continue"), onPress: press }}
    >
      <div class="fields people">
        {fields.map((field) => {
          const input = INPUTS[field];
          const id = `wb-${field}`;
          return (
            <div key={field} class={`cell cell-${field}`}>
              <Field
                id={id}
                label={t(`you.${field}`)}
                optional={optional(field) ? t("details.optional") : null}
                help={input.help ? t(input.help) : null}
                error={error(field)}
              >
                <input
                  {...described(id, error(field))}
                  class="input"
                  data-testid={input.testid}
                  name={field}
                  // The typings tie each type to attributes of its own; ours share theirs.
                  type={input.type as "text"}
                  inputMode={input.inputMode}
                  autocomplete={input.autocomplete}
                  value={booking.customer[field]}
                  onInput={(event) => dispatch({ type: "customer_typed", field, value: event.currentTarget.value })}
                  onBlur={() => leave(field)}
                />
              </Field>
            </div>
          );
        })}
      </div>
      {config.consent_text && <p class="fine">{config.consent_text}</p>}
    </Screen>
  );
}
