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

interface Index extends ZipShape {
  /** The first area that lists a code. */
  listed: Map<string, Area>;
}

/** A business may list thousands of codes, and every keystroke asks. */
const known = new WeakMap<readonly Area[], Index>();

function indexOf({ areas, code_length }: Zips): Index {
  const found = known.get(areas);
  if (found) return found;
  const listed = new Map<string, Area>();
  const index: Index = { listed, numeric: true, length: 0 };
  for (const area of areas) {
    const codes = area.zip_codes.map(bare);
    const whole = [...codes, ...(area.zip_ranges ?? []).flat()];
    for (const code of codes) if (!listed.has(code)) listed.set(code, area);
    index.numeric &&= isDigits([...whole, ...(area.zip_prefixes ?? [])].join(""));
    index.length = Math.max(index.length, ...whole.map((code) => code.length));
  }
  index.length = code_length || index.length || 5;
  known.set(areas, index);
  return index;
}

/** As codes are compared: spaces, hyphens and case don't count. */
function bare(code: string): string {
  return code.toUpperCase().replace(/\W/g, "");
}

const isDigits = (text: string): boolean => !/\D/.test(text);

/** What this business's codes look like. */
export function zipShape(zips: Zips): ZipShape {
  return indexOf(zips);
}

/** Keeps what can be part of a code. Pasted "80202-1234" becomes "80202". */
export function cleanZip(typed: string, shape: ZipShape): string {
  return shape.numeric ? typed.replace(/\D/g, "").slice(0, shape.length) : typed.toUpperCase().slice(0, 12);
}

/** Known as soon as the last character lands. The first area that serves the code wins; apps/flows/zips.py agrees. */
export function checkZip(zips: Zips, zip: string): ZipCheck {
  const { listed, numeric, length } = indexOf(zips);
  const code = bare(zip);
  const typed = code.length;
  const whole = numeric ? typed === length : typed >= Math.min(5, length);
  const area = zips.areas.find(
    (one) =>
      listed.get(code) === one ||
      (whole && one.zip_prefixes?.some((prefix) => code.startsWith(prefix))) ||
      (isDigits(code) && one.zip_ranges?.some(([first, last]) => first.length === typed && first <= code && code <= last)),
  );
  if (area) return { status: "inside", area };
  return { status: typed < length ? "incomplete" : "outside" };
}
