import { describe, expect, it } from "vitest";
import { beginWith, edited, redone, undone } from "../src/model/history";
import { draw } from "./support";

const ONE = draw("q1");
const TWO = draw("q1>a1");
const THREE = draw("q1>a1>s1");

describe("undo and redo", () => {
  it("go back and forth through every edit", () => {
    let history = edited(edited(beginWith(ONE), TWO), THREE);
    history = undone(undone(history));
    expect(history.present).toBe(ONE);
    expect(undone(history)).toBe(history);
    history = redone(redone(history));
    expect(history.present).toBe(THREE);
    expect(redone(history)).toBe(history);
  });

  it("forget what was undone once something else is edited", () => {
    const history = edited(undone(edited(beginWith(ONE), TWO)), THREE);
    expect(history.future).toEqual([]);
    expect(undone(history).present).toBe(ONE);
  });

  it("take a word that is typed as one step", () => {
    let history = edited(beginWith(ONE), TWO, "title", 1000);
    history = edited(history, THREE, "title", 1800);
    expect(undone(history).present).toBe(ONE);
  });

  it("keep apart what was typed elsewhere, or later", () => {
    const typed = edited(beginWith(ONE), TWO, "title", 1000);
    expect(undone(edited(typed, THREE, "hint", 1100)).present).toBe(TWO);
    expect(undone(edited(typed, THREE, "title", 9000)).present).toBe(TWO);
    expect(undone(edited(undone(typed), THREE, "title", 1100)).present).toBe(ONE);
  });

  it("count an edit that changes nothing as none", () => {
    const history = beginWith(ONE);
    expect(edited(history, ONE)).toBe(history);
  });

  it("remember the last two hundred", () => {
    let history = beginWith(ONE);
    for (let index = 0; index < 300; index += 1) history = edited(history, draw("q1"));
    expect(history.past).toHaveLength(200);
  });
});
