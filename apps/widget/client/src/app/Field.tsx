import type { ComponentChildren } from "preact";

interface Props {
  id: string;
  label: string;
  optional?: string | null | undefined;
  help?: string | null | undefined;
  error?: string | null | undefined;
  count?: string | null | undefined;
  children: ComponentChildren;
}

/** A label, a control, and one line below it: the error while there is one, else the help. */
export function Field({ id, label, optional, help, error, count, children }: Props) {
  return (
    <div class={error ? "field wrong" : "field"}>
      <label class="label" for={id}>
        {label}
        {optional && <span class="quiet"> · {optional}</span>}
      </label>
      {children}
      {(error || help || count) && (
        <div class="under">
          <span id={`${id}-note`} class={error ? "error" : "quiet"}>
            {error || help}
          </span>
          {count && <span class="quiet">{count}</span>}
        </div>
      )}
    </div>
  );
}

/** What ties a control to its line, for people who listen. */
export function described(id: string, error: string | null | undefined): { id: string; "aria-describedby": string; "aria-invalid": boolean } {
  return { id, "aria-describedby": `${id}-note`, "aria-invalid": Boolean(error) };
}
