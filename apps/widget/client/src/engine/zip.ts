import type { Area } from "../api/types";

export type ZipCheck =
  | { status: "incomplete" }
  | { status: "inside"; area: Area }
  | { status: "outside" };

export interface ZipShape {
  /** Digits only, as in the US (5) or Denmark (4). */
  numeric: boolean;
  /** Characters of the longest code. */
  length: number;
}

interface Index {
  shape: ZipShape;
  areas: Map<string, Area>;
}

/** A business may list thousands of codes, and every keystroke asks. */
const known = new WeakMap<readonly Area[], Index>();

function indexOf(areas: readonly Area[]): Index {
  const found = known.get(areas);
  if (found) return found;
  const index: Index = { shape: { numeric: true, length: 0 }, areas: new Map() };
  for (const area of areas) {
    for (const code of area.zip_codes) {
      index.shape.numeric &&= /^\d+$/.test(code);
      index.shape.length = Math.max(index.shape.length, code.length);
      if (!index.areas.has(bare(code))) index.areas.set(bare(code), area);
    }
  }
  index.shape.length ||= 5;
  known.set(areas, index);
  return index;
}

/** Spaces don't count. */
function bare(code: string): string {
  return code.replace(/\W/g, "");
}

/** What this business's codes look like. */
export function zipShape(areas: readonly Area[]): ZipShape {
  return indexOf(areas).shape;
}

/** Keeps what can be part of a code. Pasted "80202-1234" becomes "80202". */
export function cleanZip(typed: string, shape: ZipShape): string {
  return shape.numeric ? typed.replace(/\D/g, "").slice(0, shape.length) : typed.toUpperCase().slice(0, 12);
}

/** Known as soon as the last character lands. The first area that serves the code wins. */
export function checkZip(areas: readonly Area[], zip: string): ZipCheck {
  const area = indexOf(areas).areas.get(bare(zip));
  if (area) return { status: "inside", area };
  return { status: zip.length < zipShape(areas).length ? "incomplete" : "outside" };
}
