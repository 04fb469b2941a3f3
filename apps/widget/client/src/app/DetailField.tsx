import type { DetailsField } from "../api/types";
import type { DetailValue } from "../engine/customer";
import { choicesOf } from "../engine/choices";
import type { Rule } from "../engine/validation";
import type { Translate } from "../i18n";
import { described, Field } from "./Field";
import { useStore } from "./store";

interface Props {
  field: DetailsField;
  value: DetailValue | undefined;
  rule: Rule | null;
  /** What the server says of it. */
  refused?: string | null;
  onType: (value: DetailValue) => void;
  onLeave: () => void;
}

const COUNT_FROM = 100;

export function DetailField({ field, value, rule, refused = null, onType, onLeave }: Props) {
  const { t } = useStore();
  const id = `wb-${field.key}`;
  const error = rule ? message(t, field, rule) : refused;
  const text = typeof value === "string" ? value : "";
  const common = { ...described(id, error), "data-testid": `field-${field.key}`, onBlur: onLeave };
  if (field.kind === "checkbox") {
    return (
      <div class={error ? "field wrong" : "field"}>
        <label class="check">
          <input {...common} type="checkbox" checked={value === true} onChange={(event) => onType(event.currentTarget.checked)} />
          <span>
            {field.label}
            {field.help_text && <span class="card-line">{field.help_text}</span>}
          </span>
        </label>
        {error && (
          <span class="error" id={`${id}-note`}>
            {error}
          </span>
        )}
      </div>
    );
  }
  const limit = field.max_length ?? 500;
  const counted = field.kind === "textarea" && text.length > limit - COUNT_FROM;
  return (
    <Field
      id={id}
      label={field.label}
      optional={field.required ? null : t("details.optional")}
      help={field.help_text}
      error={error}
      count={counted ? t("details.left", { count: limit - text.length }) : null}
    >
      {field.kind === "textarea" && (
        <textarea {...common} class="input" rows={4} maxLength={limit} value={text} onInput={(event) => onType(event.currentTarget.value)} />
      )}
      {field.kind === "text" && (
        <input {...common} class="input" type="text" maxLength={limit} value={text} onInput={(event) => onType(event.currentTarget.value)} />
      )}
      {field.kind === "number" && (
        <input {...common} class="input" type="text" inputMode="decimal" maxLength={20} value={text} onInput={(event) => onType(event.currentTarget.value)} />
      )}
      {(field.kind === "select" || field.kind === "yes_no") && (
        <select {...common} class="input" value={text} onChange={(event) => onType(event.currentTarget.value)}>
          <option value="">{t("details.choose")}</option>
          {choicesOf(field, { yes: t("yes"), no: t("no") }).map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function message(t: Translate, field: DetailsField, rule: Rule): string {
  if (rule === "too_long" || rule === "number") return t(`error.${rule}`);
  if (field.kind === "select" || field.kind === "yes_no") return t("error.required.select");
  return t(field.kind === "checkbox" ? "error.required.checkbox" : "error.required");
}
