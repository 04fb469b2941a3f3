import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { BrandColors } from "../../src/api/types";
import { contrast } from "../../src/theme/contrast";
import { darkShades, nearestReadable, ratioInWords, unreadable } from "../../src/theme/shades";

const VECTORS = `${import.meta.dirname}/../../../../../fixtures/contrast`;
const read = <T>(name: string): T[] => JSON.parse(readFileSync(`${VECTORS}/${name}`, "utf8")) as T[];

interface Pair {
  color: string;
  ground: string;
  least: number;
  ratio: number;
  suggestion: string;
}
interface Kit {
  colors: BrandColors;
  unreadable: string[];
  dark: BrandColors;
}

describe("the vectors that Python is held to, too", () => {
  it.each(read<Pair>("pairs.json"))("$color on $ground, $least", ({ color, ground, least, ratio, suggestion }) => {
    expect(contrast(color, ground)).toBeCloseTo(ratio, 3);
    expect(nearestReadable(color, ground, least)).toBe(suggestion);
  });
  it.each(read<Kit>("kits.json"))("a kit on $colors.surface", ({ colors, unreadable: names, dark }) => {
    expect(unreadable(colors).map((one) => one.name)).toEqual(names);
    expect(darkShades(colors)).toEqual(dark);
  });
});

describe("a ratio in words", () => {
  it("never looks like enough where it is not", () => expect(ratioInWords(4.499)).toBe("4.4"));
});
