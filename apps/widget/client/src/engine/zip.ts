import type { Area, ZipcodeConfig } from "../api/types";

/** What a zip code step says of its codes. */
export type Zips = Pick<ZipcodeConfig, "areas" | "code_length">;

export type ZipCheck =
  | { status: "incomplete" }
  | { status: "inside"; area: Area }
  | { status: "outside" };

export interface ZipShape {
  /** Digits only, as in the US (5) or Denmark (4). */
  numeric: boolean;
  /** Characters of a whole code. */
  length: number;
}

interface Index {
  shape: ZipShape;
  /** The place of the first area that lists a code. */
  listed: Map<string, number>;
}

/** A business may list thousands of codes, and every keystroke asks. */
const known = new WeakMap<readonly Area[], Index>();

function indexOf({ areas, code_length }: Zips): Index {
  const found = known.get(areas);
  if (found) return found;
  const listed = new Map<string, number>();
  let numeric = true;
  let longest = 0;
  const see = (code: string): void => {
    numeric &&= /^\d+$/.test(code);
    longest = Math.max(longest, code.length);
  };
  areas.forEach((area, place) => {
    for (const code of area.zip_codes.map(bare)) {
      see(code);
      if (!listed.has(code)) listed.set(code, place);
    }
    for (const end of (area.zip_ranges ?? []).flat()) see(end);
    for (const prefix of area.zip_prefixes ?? []) numeric &&= /^\d+$/.test(prefix);
  });
  const index: Index = { shape: { numeric, length: code_length || longest || (numeric ? 5 : 7) }, listed };
  known.set(areas, index);
  return index;
}

/** As codes are compared: spaces, hyphens and case don't count. */
function bare(code: string): string {
  return code.toUpperCase().replace(/[^0-9A-Z]/g, "");
}

/** What this business's codes look like. */
export function zipShape(zips: Zips): ZipShape {
  return indexOf(zips).shape;
}

/** Keeps what can be part of a code. Pasted "80202-1234" becomes "80202". */
export function cleanZip(typed: string, shape: ZipShape): string {
  return shape.numeric ? typed.replace(/\D/g, "").slice(0, shape.length) : typed.toUpperCase().slice(0, 12);
}

/** Known as soon as the last character lands. The first area that serves the code wins; apps/flows/zips.py agrees. */
export function checkZip(zips: Zips, zip: string): ZipCheck {
  const { shape, listed } = indexOf(zips);
  const code = bare(zip);
  const whole = shape.numeric ? code.length === shape.length : code.length >= Math.min(5, shape.length);
  const digits = /^\d+$/.test(code);
  const area = zips.areas.find(
    ({ zip_prefixes = [], zip_ranges = [] }, place) =>
      listed.get(code) === place ||
      (whole && zip_prefixes.some((prefix) => code.startsWith(prefix))) ||
      (digits && zip_ranges.some(([first, last]) => first.length === code.length && first <= code && code <= last)),
  );
  if (area) return { status: "inside", area };
  return { status: code.length < shape.length ? "incomplete" : "outside" };
}
