import type { ButtonHTMLAttributes } from "react";
import { Symbol } from "./Symbol";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon?: string;
  /** Only the icon is seen; the label is its name. */
  iconOnly?: boolean;
  label: string;
  look?: "main" | "plain" | "danger";
  shortcut?: string;
}

export function Button({ icon, iconOnly = false, label, look = "plain", shortcut, className = "", ...rest }: Props) {
  return (
    <button
      type="button"
      className={`ge-button ge-button-${look} ${iconOnly ? "ge-button-icon" : ""} ${className}`}
      aria-label={iconOnly ? label : undefined}
      title={shortcut ? `${label} (${shortcut})` : iconOnly ? label : undefined}
      {...rest}
    >
      {icon && <Symbol name={icon} />}
      {!iconOnly && <span>{label}</span>}
    </button>
  );
}
