import { describe, expect, it } from "vitest";
import { tidy } from "../src/model/layout";
import { NODE_HEIGHT, NODE_WIDTH } from "../src/model/sizes";
import type { Doc, Place } from "../src/model/types";
import { draw } from "./support";

function overlaps(places: ReadonlyMap<string, Place>): string[] {
  const all = [...places];
  return all.flatMap(([a, first], index) =>
    all.slice(index + 1).flatMap(([b, second]) => (Math.abs(first.x - second.x) < NODE_WIDTH && Math.abs(first.y - second.y) < NODE_HEIGHT ? [`${a} on ${b}`] : [])),
  );
}

function at(places: ReadonlyMap<string, Place>, name: string): Place {
  const place = places.get(name);
  if (!place) throw new Error(`${name} has no place`);
  return place;
}

/** Questions with `fan` answers each, to the given depth; services at the ends. */
function tree(depth: number, fan: number): Doc {
  const lines: string[] = [];
  const grow = (question: string, left: number): void => {
    for (let index = 0; index < fan; index += 1) {
      const answer = `a${question}${index}`;
      const next = left > 1 ? `q${question}${index}` : `s${question}${index}`;
      lines.push(`${question}>${answer}>${next}`);
      if (left > 1) grow(next, left - 1);
    }
  };
  grow("q", depth);
  return draw(...lines);
}

describe("tidying up", () => {
  it("goes from left to right, with choices from top to bottom in their order", () => {
    const places = tidy(draw("q1>a2>s2", "q1>a1>s1", "q1>s3"));
    expect(at(places, "q1").x).toBeLessThan(at(places, "a1").x);
    expect(at(places, "a1").x).toBeLessThan(at(places, "s1").x);
    expect(at(places, "a2").y).toBeLessThan(at(places, "a1").y);
    expect(at(places, "a1").y).toBeLessThan(at(places, "s3").y);
    expect(at(places, "q1").y).toBe(at(places, "a1").y);
    expect(at(places, "a1").y).toBe(at(places, "s1").y);
  });

  it("puts what several ways meet in after the longest of them, in their middle", () => {
    const places = tidy(draw("q1>a1>s1", "q1>a2>s1", "q1>a3>s1", "q1>a4>q2>a5>s2"));
    expect(at(places, "s1").y).toBe(at(places, "a2").y);
    const long = tidy(draw("q1>a1>q2>a2>s1", "q1>a3>s1"));
    expect(at(long, "s1").x).toBeGreaterThan(at(long, "a2").x);
  });

  it("lays nothing over anything else", () => {
    for (const doc of [tree(3, 4), draw("q1>a1>q2>a2>s1", "q1>a3>q2", "q3", "a9>s9", "q1>s1"), draw("q1>a1>q2>a2>q1", "s1")]) {
      expect(overlaps(tidy(doc))).toEqual([]);
      expect(tidy(doc).size).toBe(doc.nodes.length);
    }
  });

  it("places parts on whole points, which is what is stored", () => {
    const places = [...tidy(draw("q1>a1>q2>a2>s1", "q2>a3>s2", "q2>a4>q3>a5>s3", "q3>a6>s4", "q1>a7>s5")).values()];
    expect(places.flatMap(({ x, y }) => [x, y]).filter((point) => !Number.isInteger(point))).toEqual([]);
  });

  it("says the same twice, and copes with circles and nothing at all", () => {
    const doc = draw("q1>a1>q2>a2>q1");
    expect([...tidy(doc)]).toEqual([...tidy(doc)]);
    expect(tidy(draw()).size).toBe(0);
  });

  it("copes with thousands of nodes, however deep or wide", () => {
    const deep = draw(Array.from({ length: 5000 }, (_, index) => `${index % 2 ? "a" : "q"}${index}`).join(">"));
    expect(at(tidy(deep), "a4999").x).toBe(4999 * (at(tidy(deep), "a1").x - at(tidy(deep), "q0").x));
    const wide = draw(...Array.from({ length: 4000 }, (_, index) => `q>a${index}`));
    expect(new Set([...tidy(wide)].filter(([id]) => id !== "q").map(([, place]) => place.y)).size).toBe(4000);
  });
});
