import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { CustomerConfig } from "../api/types";
import type { CustomerField } from "../engine/customer";
import { readablePhone } from "../engine/phone";
import { checkCustomer, customerFields, normalPhone, type Rule } from "../engine/validation";
import type { PlainKey } from "../i18n";
import { described, Field } from "./Field";
import { useStore } from "./store";

interface Input {
  testid: string;
  type: "text" | "tel" | "email";
  autocomplete: "name" | "tel" | "email" | "address-line1" | "address-line2" | "address-level2" | "postal-code";
  inputMode: "text" | "tel" | "email" | "numeric";
  help?: PlainKey;
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

export interface Person {
  fields: JSX.Element;
  /** Shows every error; the id of the first field that has one, or null. */
  firstWrong: () => string | null;
}

/** The fields about the customer: the right keyboard for each, errors beside it once it was left. */
export function usePerson(config: CustomerConfig, stepId: string): Person {
  const { booking, resolved, dispatch, recorder, t } = useStore();
  const country = resolved.organization.country;
  const fields = customerFields(config);
  const [left, setLeft] = useState<Partial<Record<CustomerField, boolean>>>({});
  const check = (field: CustomerField): Rule | null => checkCustomer(config, field, booking.customer, country);

  const leave = (field: CustomerField): void => {
    const value = booking.customer[field];
    if (value === "" && !left[field]) return;
    const rule = check(field);
    setLeft((known) => ({ ...known, [field]: true }));
    recorder.record("field_updated", stepId, { field, valid: rule === null });
    if (rule) recorder.record("validation_error", stepId, { field, rule });
    const phone = field === "phone" ? normalPhone(value, country) : null;
    if (phone && readablePhone(phone) !== value) dispatch({ type: "customer_typed", field, value: readablePhone(phone) });
  };
  const firstWrong = (): string | null => {
    const wrong = fields.find((field) => check(field) !== null || booking.refused[field]);
    if (!wrong) return null;
    setLeft(Object.fromEntries(fields.map((field) => [field, true])));
    return `wb-${wrong}`;
  };
  const error = (field: CustomerField): string | null => {
    const rule = left[field] ? check(field) : null;
    if (!rule) return booking.refused[field] ?? null;
    if (rule === "required") return t(`error.required.${field}` as PlainKey);
    return t(`error.${rule}`, { example: EXAMPLES[country] ?? "+45 32 12 34 56" });
  };
  const optional = (field: CustomerField): boolean =>
    field === "line2" ||
    (field === "email" && config.fields.email === "optional") ||
    (config.fields.address === "optional" && ["line1", "city", "postal_code"].includes(field));
  const view = (field: CustomerField): JSX.Element => {
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
  };
  return { fields: <div class="fields people">{fields.map(view)}</div>, firstWrong };
}
