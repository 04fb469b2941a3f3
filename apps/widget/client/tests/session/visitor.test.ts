import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Visitor } from "../../src/session/visitor";

const NAME = "wrkbelt:visitor";
const tab = (): Storage => window.sessionStorage;

beforeEach(() => {
  window.localStorage.clear();
  window.sessionStorage.clear();
});
afterEach(() => vi.restoreAllMocks());

describe("a visitor", () => {
  it("is a number of at most four digits", () => {
    for (let time = 0; time < 50; time += 1) expect(new Visitor(tab()).number).toMatch(/^\d{1,4}$/);
  });

  it("leaves nothing behind until an answer depended on it", () => {
    new Visitor(tab());
    expect(window.localStorage.length).toBe(0);
  });

  it("is the same on the next page once it was kept", () => {
    const visitor = new Visitor(tab());
    visitor.keep();
    expect(new Visitor(tab()).number).toBe(visitor.number);
  });

  it("stays in the tab where the browser keeps nothing", () => {
    const refuse = (): never => {
      throw new DOMException("no", "SecurityError");
    };
    vi.spyOn(window, "localStorage", "get").mockImplementation(refuse);
    const visitor = new Visitor(tab());
    visitor.keep();
    expect(tab().getItem(NAME)).toBe(visitor.number);
    expect(new Visitor(tab()).number).toBe(visitor.number);
  });

  it("draws anew where somebody else's value stands", () => {
    window.localStorage.setItem(NAME, "<script>");
    expect(new Visitor(tab()).number).toMatch(/^\d{1,4}$/);
  });
});
