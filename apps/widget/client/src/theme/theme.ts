import type { BrandColors, BrandKit } from "../api/types";
import { inkOn, parseHex, readableOn } from "./contrast";

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

/** The kit's variables as rules for the shadow root. Values that are not plain colours or names fall to ours. */
export function themeCss(kit: BrandKit | null): string {
  const dark = kit?.dark_colors;
  return rule(kit?.colors, kit) + (dark ? `@media(prefers-color-scheme:dark){${rule(dark, kit)}}` : "");
}

function rule(worn: Partial<BrandColors> | undefined, kit: BrandKit | null): string {
  const colors = safeColors(worn);
  const { surface, primary, muted } = colors;
  const radius = Math.min(32, Math.max(0, Number(kit?.radius_px ?? 12) || 0));
  // Each colour, and as the ink in which it can be read on the surface.
  const named = Object.entries(colors).map(([name, color]) => `--${name}:${color};--${name}-ink:${readableOn(surface, color)};`);
  return `:host{${named.join("")}--muted:${readableOn(surface, muted)};--on-primary:${inkOn(primary)};--radius:${radius}px;--font:${safeFont(
    kit?.font_family,
  )};color-scheme:${inkOn(surface) === "#ffffff" ? "dark" : "light"}}`;
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
