import { walk } from "@widget/engine/graph";
import { describe, expect, it } from "vitest";
import { FlowEdges, FlowNodes } from "../src/canvas/flowNodes";
import { changesIn, isSame } from "../src/model/changes";
import { configOf, walkable } from "../src/model/config";
import { moveNodes, patchNode, removeNodes } from "../src/model/edits";
import { libraryOf, lengthAndPrice, titleOf, underlineOf } from "../src/model/library";
import { rootOf } from "../src/model/links";
import { neighbourOf, outlineOf } from "../src/model/outline";
import { search } from "../src/model/search";
import { revealed } from "../src/model/viewport";
import { deedOf } from "../src/shortcuts";
import { catalogueOf, draw, libraryFor, node, service } from "./support";

describe("search", () => {
  const doc = { ...draw("q1", "a1"), nodes: [node("q1"), node("a1", { words: { title: "Café au lait", description: "with milk", icon: "" } }), node("a2", { words: { title: "Milk", description: "", icon: "" } })] };

  it("finds words anywhere, without case and accents, titles that begin with them first", () => {
    expect(search(doc, libraryFor(doc), "cafe").map((one) => one.id)).toEqual(["a1"]);
    expect(search(doc, libraryFor(doc), "MILK").map((one) => one.id)).toEqual(["a2", "a1"]);
    expect(search(doc, libraryFor(doc), "milk lait").map((one) => one.id)).toEqual(["a1"]);
    expect(search(doc, libraryFor(doc), "  ")).toEqual([]);
  });
});

describe("the outline", () => {
  it("reads the graph as customers walk it, cuts what is repeated, and lists what nothing leads to", () => {
    const lines = outlineOf(draw("q1>a1>s1", "q1>a2>s1>q2>a3", "a9"));
    expect(lines.map((line) => `${line.depth}${line.node.id}${line.repeated ? "=" : ""}${line.loose ? "?" : ""}`)).toEqual(["0q1", "1a1", "2s1", "3q2", "4a3", "1a2", "2s1=", "0a9?"]);
  });

  it("ends in a circle, too", () => {
    expect(outlineOf(draw("q1>a1>q2>a2>q1")).length).toBe(5);
  });

  it("leads the arrow keys along the ways", () => {
    const doc = draw("q1>a1>s1", "q1>a2");
    expect(neighbourOf(doc, "q1", "ArrowRight")).toBe("a1");
    expect(neighbourOf(doc, "a2", "ArrowLeft")).toBe("q1");
    expect(neighbourOf(doc, "a1", "ArrowDown")).toBe("a2");
    expect(neighbourOf(doc, "a2", "ArrowUp")).toBe("a1");
    expect(neighbourOf(doc, "a2", "ArrowDown")).toBeNull();
    expect(neighbourOf(doc, "s1", "ArrowRight")).toBeNull();
  });
});

describe("what the widget is given", () => {
  it("is walked by its own engine", () => {
    const doc = draw("q1>a1>s1", "q1>a2>s2");
    const walked = walk(walkable(configOf(doc, libraryFor(doc))), ["a2"]);
    expect(walked).toMatchObject({ visited: ["q1", "a2", "s2"], serviceId: "service-s2", terminal: true });
  });

  it("begins with the oldest question that nothing leads to", () => {
    expect(rootOf(draw("q2>a1", "q1>a2"))).toBe("q1");
    expect(rootOf(draw("a1>s1"))).toBeNull();
  });

  it("has a service's words for an answer that books it", () => {
    const answer = { id: "books", question_id: "q", title: "", description: "", icon: "", category_id: null, service_id: "drain" };
    const library = libraryOf({ questions: [], services: [service("drain", { title: "Drain clearing" })], categories: [] }, { newQuestions: [], newAnswers: [answer] });
    const chosen = node("a1", { answer_id: "books", words: null });
    expect([titleOf(chosen, library), underlineOf(chosen, library)]).toEqual(["Drain clearing", "books Drain clearing"]);
  });

  it("shows lengths and prices as people say them", () => {
    expect(lengthAndPrice(service("s", { duration_minutes: 90, price: "129.00" }))).toBe("1 h 30 min · USD 129.00");
    expect(lengthAndPrice(service("s", { duration_minutes: 45 }))).toBe("45 min");
  });
});

describe("what has changed", () => {
  const doc = draw("q1>a1>s1");
  const library = libraryFor(doc);

  it("is said in words", () => {
    const other = moveNodes(patchNode(removeNodes(draw("q1>a1>s1", "q1>a2"), ["s1"]), "a1", { words: { title: "Gas", description: "", icon: "" } }), new Map([["q1", { x: 9, y: 9 }]]));
    expect(changesIn(doc, other, library, libraryFor(other))).toEqual([
      "1 part added: “a2”.",
      "1 part changed: “Gas”.",
      "1 part removed: “s1”.",
      "Connections, or the order of choices, are different.",
      "1 part moved on the canvas.",
    ]);
  });

  it("is nothing where the same rows would be stored", () => {
    expect(isSame(doc, { ...draw("q1>a1>s1"), nodes: [...draw("q1>a1>s1").nodes].reverse() })).toBe(true);
    expect(isSame(doc, moveNodes(doc, new Map([["q1", { x: 1, y: 0 }]])))).toBe(false);
    expect(isSame(draw("q1>a1", "q1>a2"), draw("q1>a2", "q1>a1"))).toBe(false);
  });
});

describe("drawing", () => {
  const view = { selection: new Set<string>(), selectedEdge: null, highlight: null, dragged: null };

  it("keeps every node and way that looks as before", () => {
    const doc = draw("q1>a1>s1");
    const [nodes, edges] = [new FlowNodes(), new FlowEdges()];
    const library = libraryFor(doc);
    const before = nodes.of(doc, library, [], view);
    const ways = edges.of(doc, view);

    const dragged = nodes.of(doc, library, [], { ...view, dragged: new Map([["a1", { x: 40, y: 0 }]]) });

    expect(dragged.map((one, index) => one === before[index])).toEqual([true, false, true]);
    expect(dragged[1]?.position).toEqual({ x: 40, y: 0 });
    expect(edges.of(doc, view).every((way, index) => way === ways[index])).toBe(true);
  });

  it("marks the faulty path and fades the rest", () => {
    const doc = draw("q1>a1>s1", "q1>a2");
    const lit = { ...view, highlight: { tone: "problem" as const, nodeIds: ["q1", "a2"] } };
    const nodes = new FlowNodes().of(doc, libraryFor(doc), [{ code: "x", message: "", nodeIds: ["q1", "a2"], stopsSaving: false }], lit);
    expect(nodes.map((one) => [one.id, one.data.tone, one.data.faded, one.data.bad])).toEqual([["q1", "problem", false, false], ["a1", null, true, false], ["s1", null, true, false], ["a2", "problem", false, true]]);
    expect(new FlowEdges().of(doc, lit).map((way) => way.className)).toEqual(["ge-way-faded", "ge-way-faded", "ge-way-problem"]);
  });

  it("tells screen readers what a node is and what follows", () => {
    const doc = draw("q1>a1", "q1>a2");
    const [first] = new FlowNodes().of(doc, libraryOf(catalogueOf(doc), doc), [], view);
    expect(first?.ariaLabel).toBe("Question: q1, asked first, 2 connections");
  });
});

describe("shortcuts", () => {
  const press = (key: string, more: Partial<KeyboardEvent> = {}) => deedOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, target: document.body, ...more });

  it("work with Control and with Command", () => {
    expect([press("s", { ctrlKey: true }), press("z", { metaKey: true }), press("Z", { ctrlKey: true, shiftKey: true }), press("y", { ctrlKey: true }), press("f", { ctrlKey: true })]).toEqual(["save", "undo", "redo", "redo", "search"]);
  });

  it("leave single letters to whoever types", () => {
    const input = document.createElement("input");
    expect([press("/"), press("?"), press("t"), press("f")]).toEqual(["search", "help", "tidy", "fit"]);
    expect([press("/", { target: input }), press("t", { target: input }), press("s", { target: input, ctrlKey: true })]).toEqual([null, null, "save"]);
  });
});

describe("bringing a node into sight", () => {
  const box = { width: 1000, height: 600 };

  it("moves nothing where it is in sight already", () => {
    expect(revealed({ x: 0, y: 0, zoom: 1 }, { x: 100, y: 100 }, box)).toEqual({ x: 0, y: 0, zoom: 1 });
  });

  it("moves as little as it takes, with something around it", () => {
    expect(revealed({ x: 0, y: 0, zoom: 1 }, { x: 900, y: 580 }, box)).toEqual({ x: -188, y: -100, zoom: 1 });
    expect(revealed({ x: 0, y: 0, zoom: 1 }, { x: -500, y: 0 }, box)).toEqual({ x: 548, y: 48, zoom: 1 });
  });

  it("puts it in the middle where there is hardly room", () => {
    expect(revealed({ x: 0, y: 0, zoom: 1 }, { x: 0, y: 0 }, { width: 260, height: 80 })).toEqual({ x: 10, y: 4, zoom: 1 });
  });
});
