import type { BrandColors, BrandKit } from "../api/types";
import { contrast, inkOn, parseHex, readableOn } from "./contrast";

const DEFAULTS: BrandColors = {
  primary: "#1f4fd8",
  secondary: "#0f172a",
  accent: "#0ea5a4",
  surface: "#ffffff",
  text: "#101828",
  muted: "#5b6577",
  danger: "#c4320a",
  success: "#067647",
};
const SYSTEM_FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** The kit's variables as one CSS rule for the shadow root. Values that are not plain colours or names fall to ours. */
export function themeCss(kit: BrandKit | null): string {
  const colors = safeColors(kit?.colors);
  const radius = Math.min(24, Math.max(0, Number(kit?.radius_px ?? 12) || 0));
  const muted = contrast(colors.muted, colors.surface) >= 4.5 ? colors.muted : readableOn(colors.surface, colors.muted);
  const variables: Record<string, string> = {
    ...colors,
    muted,
    "on-primary": inkOn(colors.primary),
    "primary-ink": readableOn(colors.surface, colors.primary),
    "accent-ink": readableOn(colors.surface, colors.accent),
    "danger-ink": readableOn(colors.surface, colors.danger),
    "success-ink": readableOn(colors.surface, colors.success),
    radius: `${radius}px`,
    font: safeFont(kit?.font_family),
  };
  const lines = Object.entries(variables).map(([name, value]) => `--${name}:${value}`);
  const scheme = inkOn(colors.surface) === "#ffffff" ? "dark" : "light";
  return `:host{${lines.join(";")};color-scheme:${scheme}}`;
}

function safeColors(colors: Partial<BrandColors> | undefined): BrandColors {
  const safe = { ...DEFAULTS };
  for (const name of Object.keys(safe) as (keyof BrandColors)[]) {
    const value = colors?.[name];
    if (value && parseHex(value)) safe[name] = value.trim();
  }
  return safe;
}

/** A list of font names and nothing that could end the declaration. */
function safeFont(font: string | undefined): string {
  return font && /^[\w\s,'"-]+$/.test(font) ? `${font}, ${SYSTEM_FONT}` : SYSTEM_FONT;
}
