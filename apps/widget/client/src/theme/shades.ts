import type { BrandColors } from "../api/types";
import { contrast, inkOn, parseHex } from "./contrast";

/*
 * Whether a brand kit's colours can be read, what to take instead, and how they look in the dark: apps/flows/contrast.py
 * in TypeScript, held to the same vectors (fixtures/contrast). Only the back office needs it; the widget is sent colours
 * that were checked and shaded before.
 */

/** WCAG 2.1 AA: text, and parts that one has to make out. */
const TEXT = 4.5;
const PART = 3;
const STEPS = 1000;
const DARK_SURFACE = [0.3, 0.1] as const;
const DARK_TEXT = [0.2, 0.95] as const;
const DARK_MUTED = [0.15, 0.72] as const;

export type Checked = Exclude<keyof BrandColors, "surface">;

/** What has to stand out from the kit's surface, and by how much. */
export const LEAST: Readonly<Record<Checked, number>> = {
  primary: PART,
  secondary: PART,
  accent: PART,
  text: TEXT,
  muted: TEXT,
  danger: TEXT,
  success: TEXT,
};

export interface Unreadable {
  name: Checked;
  ratio: number;
  least: number;
  suggestion: string;
}

/** The colour, made lighter or darker by as little as it takes; hue and saturation stay. */
export function nearestReadable(color: string, ground: string, least: number): string {
  if (contrast(color, ground) >= least) return color.toLowerCase();
  const [hue, saturation, lightness] = hsl(color);
  for (let step = 1; step <= STEPS; step += 1) {
    for (const change of [-step / STEPS, step / STEPS]) {
      if (lightness + change < 0 || lightness + change > 1) continue;
      const candidate = hex(hue, saturation, lightness + change);
      if (contrast(candidate, ground) >= least) return candidate;
    }
  }
  return inkOn(ground);
}

/** What of a kit cannot be made out on its surface. */
export function unreadable(colors: BrandColors): Unreadable[] {
  return (Object.keys(LEAST) as Checked[]).flatMap((name) => {
    const ratio = contrast(colors[name], colors.surface);
    const least = LEAST[name];
    return ratio < least ? [{ name, ratio, least, suggestion: nearestReadable(colors[name], colors.surface, least) }] : [];
  });
}

export function isDark(color: string): boolean {
  return inkOn(color) === "#ffffff";
}

/** The kit as it looks in the dark; a kit whose surface is dark already stays as it is. */
export function darkShades(colors: BrandColors): BrandColors {
  if (isDark(colors.surface)) return colors;
  const [hue, saturation] = hsl(colors.text);
  const shade = ([most, lightness]: readonly [number, number]): string => hex(hue, Math.min(saturation, most), lightness);
  const surface = shade(DARK_SURFACE);
  const lighter = (name: Checked): string => nearestReadable(colors[name], surface, LEAST[name]);
  return {
    primary: lighter("primary"),
    secondary: lighter("secondary"),
    accent: lighter("accent"),
    surface,
    text: shade(DARK_TEXT),
    muted: shade(DARK_MUTED),
    danger: lighter("danger"),
    success: lighter("success"),
  };
}

/** Rounded down, so that what is refused never looks like enough: 4.49 → "4.4". */
export function ratioInWords(ratio: number): string {
  return (Math.floor(ratio * 10) / 10).toFixed(1);
}

/** Hue in sixths of the circle, saturation and lightness from 0 to 1. */
function hsl(color: string): [number, number, number] {
  const [red, green, blue] = (parseHex(color) ?? [0, 0, 0]).map((value) => value / 255) as [number, number, number];
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  const lightness = (most + least) / 2;
  const spread = most - least;
  if (spread === 0) return [0, 0, lightness];
  const saturation = spread / (1 - Math.abs(2 * lightness - 1));
  if (most === red) return [((green - blue) / spread + 6) % 6, saturation, lightness];
  return [most === green ? (blue - red) / spread + 2 : (red - green) / spread + 4, saturation, lightness];
}

function hex(hue: number, saturation: number, lightness: number): string {
  const chroma = (1 - Math.abs(2 * lightness - 1)) * saturation;
  const between = chroma * (1 - Math.abs((hue % 2) - 1));
  const base = lightness - chroma / 2;
  const sixths = [
    [chroma, between, 0],
    [between, chroma, 0],
    [0, chroma, between],
    [0, between, chroma],
    [between, 0, chroma],
    [chroma, 0, between],
  ];
  const parts = sixths[Math.min(Math.trunc(hue), 5)] ?? [0, 0, 0];
  return `#${parts.map((part) => byte(part + base)).join("")}`;
}

function byte(part: number): string {
  return Math.min(255, Math.max(0, Math.floor(part * 255 + 0.5))).toString(16).padStart(2, "0");
}
