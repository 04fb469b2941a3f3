import { describe, expect, it } from "vitest";
import { addAnswer, addNode, addQuestion, blankNode, connect, freePlace, moveChoice, moveNodes, newContentInUse, patchNode, placeAfter, reconnect, removeEdge, removeNodes } from "../src/model/edits";
import { newId } from "../src/model/ids";
import { EMPTY } from "../src/model/types";
import { draw, node, waysOf } from "./support";

describe("editing a document", () => {
  it("adds what follows a node and connects it", () => {
    const doc = draw("q1");
    const answer = blankNode("answer_reference", { x: 1.4, y: 2.6 }, { words: { title: "Gas", description: "", icon: "" } });

    const after = addNode(doc, answer, "q1");

    expect(after.nodes.at(-1)).toMatchObject({ x: 1, y: 3, words: { title: "Gas" } });
    expect(waysOf(after)).toEqual([`q1>${answer.id}`]);
    expect(doc.nodes).toHaveLength(1);
  });

  it("takes a node's connections out with it", () => {
    expect(waysOf(removeNodes(draw("q1>a1>s1", "q1>a2>s1"), ["a1"]))).toEqual(["q1>a2", "a2>s1"]);
    expect(removeEdge(draw("q1>a1"), "q1>a1")).toMatchObject({ edges: [], nodes: [{ id: "q1" }, { id: "a1" }] });
  });

  it("keeps a way's id and place among the choices when its end moves", () => {
    const doc = draw("q1>a1", "q1>a2", "q1>a3", "s1");

    const moved = reconnect(doc, "q1>a2", "q1", "s1");

    expect(waysOf(moved)).toEqual(["q1>a1", "q1>s1", "q1>a3"]);
    expect(moved.edges[1]?.id).toBe("q1>a2");
    expect(waysOf(reconnect(doc, "q1>a1", "q2", "a1"))).toEqual(["q1>a2", "q1>a3", "q2>a1"]);
    expect(reconnect(doc, "nothing", "q1", "s1")).toBe(doc);
  });

  it("reorders the choices of one node and leaves those of others alone", () => {
    const doc = draw("q1>a1", "q2>a9", "q1>a2", "q1>a3");

    expect(waysOf(moveChoice(doc, "q1>a3", 0))).toEqual(["q1>a3", "q2>a9", "q1>a1", "q1>a2"]);
    expect(waysOf(moveChoice(doc, "q1>a1", 99))).toEqual(["q1>a2", "q2>a9", "q1>a3", "q1>a1"]);
    expect(moveChoice(doc, "q1>a1", 0)).toBe(doc);
  });

  it("moves nodes to whole pixels and leaves the others as they are", () => {
    const doc = draw("q1>a1");

    const moved = moveNodes(doc, new Map([["a1", { x: 10.6, y: -3.2 }]]));

    expect(moved.nodes[1]).toMatchObject({ x: 11, y: -3 });
    expect(moved.nodes[0]).toBe(doc.nodes[0]);
  });

  it("puts new nodes beside what they follow, where nothing stands", () => {
    const doc = { ...draw("q1>a1"), nodes: [node("q1"), node("a1", { x: 328, y: 0 }), node("s9", { x: 330, y: 92 })] };

    expect(placeAfter(doc, "q1")).toEqual({ x: 328, y: 184 });
    expect(freePlace(EMPTY, { x: 5, y: 5 })).toEqual({ x: 5, y: 5 });
  });

  it("sends only what is new and used", () => {
    const words = { title: "T", description: "", icon: "" };
    let doc = addQuestion(addQuestion(draw("q1"), { id: "new", help_text: "", ...words }), { id: "dropped", help_text: "", ...words });
    doc = addAnswer(patchNode(doc, "q1", { question_id: "new" }), { id: "answer", question_id: "new", category_id: null, service_id: null, ...words });

    expect(newContentInUse(doc, { questions: [] })).toMatchObject({ newQuestions: [{ id: "new" }], newAnswers: [] });
    const saved = { id: "new", unique_name: "t", help_text: "", used_in: [], answers: [], ...words };
    expect(newContentInUse(doc, { questions: [saved] }).newQuestions).toEqual([]);
  });

  it("connects in the order in which things were connected", () => {
    expect(waysOf(connect(draw("q1>a1", "a2"), "q1", "a2"))).toEqual(["q1>a1", "q1>a2"]);
  });
});

describe("new ids", () => {
  it("sort by when they were made, also within a millisecond", () => {
    const ids = Array.from({ length: 50 }, () => newId(1_800_000_000_000));

    expect([...ids].sort()).toEqual(ids);
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
