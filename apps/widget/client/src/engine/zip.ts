import type { Area } from "../api/types";

export type ZipCheck =
  | { status: "incomplete" }
  | { status: "inside"; area: Area }
  | { status: "outside" };

/** Digits of a full code: as long as the business's own codes are (5 in the US, 4 in Denmark). */
export function zipLength(areas: readonly Area[]): number {
  for (const area of areas) {
    const first = area.zip_codes[0];
    if (first) return first.length;
  }
  return 5;
}

/** Keeps what can be part of a code. Pasted "80202-1234" becomes "80202". */
export function cleanZip(typed: string, length: number): string {
  return typed.replace(/\D/g, "").slice(0, length);
}

/** The first area that serves the code wins. */
export function checkZip(areas: readonly Area[], zip: string): ZipCheck {
  if (zip.length < zipLength(areas)) return { status: "incomplete" };
  const area = areas.find((candidate) => candidate.zip_codes.includes(zip));
  return area ? { status: "inside", area } : { status: "outside" };
}
