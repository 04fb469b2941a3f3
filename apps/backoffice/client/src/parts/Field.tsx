import { useId, type ReactNode } from "react";

interface TextProps {
  label: string;
  hint?: string;
  value: string;
  max: number;
  rows?: number;
  required?: boolean;
  /** Marks the field that takes the focus when a part is edited. */
  first?: boolean;
  onChange(value: string): void;
}

/** A line, or several, of text. */
export function TextField({ label, hint, value, max, rows, required = false, first = false, onChange }: TextProps) {
  const id = useId();
  const missing = required && value.trim() === "";
  const shared = {
    id,
    value,
    maxLength: max,
    className: "ge-input",
    "aria-describedby": hint ? `${id}-hint` : undefined,
    "aria-invalid": missing || undefined,
    "data-ge-first": first || undefined,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  return (
    <Labelled id={id} label={label} hint={missing ? "Write something here." : hint}>
      {rows ? <textarea rows={rows} {...shared} /> : <input type="text" autoComplete="off" {...shared} />}
    </Labelled>
  );
}

interface SelectProps {
  label: string;
  hint?: string;
  value: string;
  options: { value: string; label: string }[];
  onChange(value: string): void;
}

export function SelectField({ label, hint, value, options, onChange }: SelectProps) {
  const id = useId();
  return (
    <Labelled id={id} label={label} hint={hint}>
      <select id={id} className="ge-input" value={value} aria-describedby={hint ? `${id}-hint` : undefined} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

function Labelled({ id, label, hint, children }: { id: string; label: string; hint: string | undefined; children: ReactNode }) {
  return (
    <div className="ge-field">
      <label htmlFor={id}>{label}</label>
      {children}
      {hint && (
        <small id={`${id}-hint`} className="ge-hint">
          {hint}
        </small>
      )}
    </div>
  );
}
