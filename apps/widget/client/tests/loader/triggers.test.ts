import { beforeEach, describe, expect, it } from "vitest";
import { isPlainClick, matchTrigger } from "../../src/loader/triggers";

const TRIGGERS = [
  { selector: "][ not css", config_id: "broken" },
  { selector: "#book", config_id: "main" },
  { selector: ".book", config_id: "second" },
];

describe("matchTrigger", () => {
  beforeEach(() => {
    document.body.innerHTML = '<a id="book" class="book"><b>Book</b></a><p class="book">x</p><i data-wrkbelt-open>y</i><em>z</em>';
  });
  const match = (selector: string) => matchTrigger(document.querySelector(selector), TRIGGERS);

  it("finds the trigger around what was clicked", () => expect(match("b")?.configId).toBe("main"));
  it("lets the first in the list win, and passes over what is no selector", () => expect(match("#book")?.configId).toBe("main"));
  it("matches by any of them", () => expect(match("p")?.configId).toBe("second"));
  it("knows the built-in attribute, with the page's own configuration", () => expect(match("i")).toMatchObject({ configId: null }));
  it("leaves other clicks alone", () => expect(match("em")).toBeNull());
});

describe("isPlainClick", () => {
  it("leaves a click that opens a tab to the browser", () => {
    expect(isPlainClick(new MouseEvent("click", { button: 0 }))).toBe(true);
    expect(isPlainClick(new MouseEvent("click", { button: 0, ctrlKey: true }))).toBe(false);
    expect(isPlainClick(new MouseEvent("click", { button: 1 }))).toBe(false);
  });
});
