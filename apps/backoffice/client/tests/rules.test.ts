import { describe, expect, it } from "vitest";
import { whyNot } from "../src/model/legal";
import { libraryOf } from "../src/model/library";
import { problemsOf, waysAlong } from "../src/model/problems";
import { catalogueOf, draw, libraryFor, node, service } from "./support";

describe("what may be connected", () => {
  const doc = draw("q1>a1>s1", "q2", "a2", "s2");
  const why = (source: string, target: string, except?: string) => whyNot(doc, libraryFor(doc), source, target, except);

  it("is what may follow", () => {
    for (const [source, target] of [["q2", "a2"], ["q2", "s2"], ["a2", "q2"], ["a2", "s2"], ["s2", "q2"]] as const) expect(why(source, target)).toBeNull();
  });

  it("is refused with the sentence that says why", () => {
    expect(why("q1", "q2")).toBe("A question leads to answers or services. It cannot lead to a question.");
    expect(why("a1", "a2")).toBe("An answer leads to a question or a service. It cannot lead to an answer.");
    expect(why("s1", "s2")).toBe("After a service only a question can follow. It cannot lead to a service.");
    expect(why("s1", "a2")).toContain("cannot lead to an answer");
    expect(why("q1", "q1")).toBe("Nothing can lead to itself.");
    expect(why("q1", "a1")).toBe("These two are connected already.");
    expect(why("s1", "q1")).toBe("That would go round in a circle: “q1” leads to “s1” already.");
    expect(why("q1", "gone")).toBe("There is nothing to connect here.");
  });

  it("does not count the way that is being moved", () => {
    expect(why("q1", "a1", "q1>a1")).toBeNull();
    expect(why("s1", "q1", "a1>s1")).toBeNull();
  });
});

describe("problems", () => {
  const found = (doc: ReturnType<typeof draw>, catalogue = catalogueOf(doc)) => problemsOf(doc, libraryFor(doc), catalogue);

  it("are none in a graph that can be published", () => {
    expect(found(draw("q1>a1>s1", "q1>a2>s1"))).toEqual([]);
  });

  it("name the faulty path in the widget's own words", () => {
    expect(found(draw("q1>a1>s1", "q1>a2"))).toEqual([
      { code: "path_without_service", message: "The path “q1” → “a2” ends without a service. Add one to this path.", nodeIds: ["q1", "a2"], stopsSaving: false },
    ]);
    expect([...waysAlong(["q1", "a2", "s1"])]).toEqual(["q1>a2", "a2>s1"]);
  });

  it("say that a graph needs a start", () => {
    expect(found(draw()).map((problem) => problem.code)).toEqual(["no_root"]);
  });

  it("stop saving only where the rows could not hold it", () => {
    const doc = draw("q1>a1>s1");
    const blank = { ...doc, nodes: [doc.nodes[0], node("a1", { words: { title: " ", description: "", icon: "" } }), node("s1", { service_id: null })].filter((one) => one !== undefined) };

    const stopping = found(blank).filter((problem) => problem.stopsSaving);

    expect(stopping.map((problem) => problem.nodeIds)).toEqual([["a1"], ["s1"]]);
  });

  it("tell of services that are switched off, once for all places", () => {
    const doc = draw("q1>a1>s1", "q1>a2>s1");
    const catalogue = { ...catalogueOf(doc), services: [service("service-s1", { title: "Drain", active: false })] };

    const off = problemsOf(doc, libraryOf(catalogue, doc), catalogue).filter((problem) => problem.code === "service_inactive");

    expect(off).toMatchObject([{ message: "“Drain” is switched off. Switch it on, or take it out of the graph.", nodeIds: ["s1"] }]);
  });
});
