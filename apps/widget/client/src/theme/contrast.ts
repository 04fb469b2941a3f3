/** WCAG 2 contrast, on #rgb and #rrggbb colours. */

type Rgb = readonly [number, number, number];

export function parseHex(color: string): Rgb | null {
  const short = /^#([\da-f])([\da-f])([\da-f])$/i.exec(color.trim());
  const hex = short ? `#${short.slice(1).map((digit) => digit + digit).join("")}` : color.trim();
  const long = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(hex);
  if (!long) return null;
  return [parseInt(long[1] ?? "", 16), parseInt(long[2] ?? "", 16), parseInt(long[3] ?? "", 16)];
}

export function luminance([red, green, blue]: Rgb): number {
  const linear = (value: number): number => {
    const channel = value / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** 1 (same) to 21 (black on white); 1 where a colour cannot be read. */
export function contrast(one: string, other: string): number {
  const first = parseHex(one);
  const second = parseHex(other);
  if (!first || !second) return 1;
  const a = luminance(first);
  const b = luminance(second);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** Black or white, whichever reads better on the colour. */
export function inkOn(color: string): "#000000" | "#ffffff" {
  return contrast(color, "#ffffff") >= contrast(color, "#000000") ? "#ffffff" : "#000000";
}

/** The colour itself where it reads on the surface (4.5:1), else moved toward the surface's opposite until it does. */
export function readableOn(surface: string, color: string): string {
  const from = parseHex(color);
  if (!from) return color;
  const toward = parseHex(inkOn(surface)) ?? [0, 0, 0];
  for (let share = 0; share <= 1; share += 0.05) {
    const mixed = toHex(from.map((value, index) => value + ((toward[index] ?? 0) - value) * share));
    if (contrast(mixed, surface) >= 4.5) return mixed;
  }
  return inkOn(surface);
}

function toHex(rgb: readonly number[]): string {
  return `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;
}
