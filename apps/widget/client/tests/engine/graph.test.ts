import { describe, expect, it } from "vitest";
import type { ServiceSelectionConfig } from "../../src/api/types";
import { backTo, isComplete, picksOf, walk } from "../../src/engine/graph";
import { GRAPH } from "../support/flow";
import { VECTORS } from "../support/graphVectors";

describe("walk", () => {
  it("offers the root's answers in the order of its edges", () => {
    const start = walk(GRAPH, []);
    expect(start.question?.id).toBe("q-need");
    expect(start.choices.map((choice) => choice.node.id)).toEqual(["a-hot", "a-drain"]);
    expect(start.terminal).toBe(false);
  });

  it("ends at once on an answer that is a service", () => {
    const walked = walk(GRAPH, ["a-drain"]);
    expect(isComplete(walked)).toBe(true);
    expect(walked.serviceId).toBe("drain");
    expect(walked.visited).toEqual(["q-need", "a-drain"]);
  });

  it("asks on after an answer that leads to a question", () => {
    const walked = walk(GRAPH, ["a-hot"]);
    expect(walked.question?.id).toBe("q-fuel");
    expect(walked.serviceId).toBeNull();
  });

  it("passes through a service node without asking", () => {
    const walked = walk(GRAPH, ["a-hot", "a-gas"]);
    expect(walked.visited).toEqual(["q-need", "a-hot", "q-fuel", "a-gas", "s-heater"]);
    expect(walked.serviceNodeId).toBe("s-heater");
    expect(isComplete(walked)).toBe(true);
  });

  it("goes back to any earlier question", () => {
    const walked = walk(GRAPH, ["a-hot", "a-gas"]);
    expect(backTo(walked, 1)).toEqual(["a-hot"]);
    expect(backTo(walked, 0)).toEqual([]);
  });

  it("keeps only the part of an old path that still exists", () => {
    const walked = walk(GRAPH, ["a-hot", "a-removed"]);
    expect(picksOf(walked)).toEqual(["a-hot"]);
    expect(walked.question?.id).toBe("q-fuel");
  });

  it("does not loop on a circle", () => {
    const circle = { ...GRAPH, edges: [...GRAPH.edges, { id: "x", source_node_id: "s-heater", target_node_id: "q-need" }] };
    expect(walk(circle, ["a-hot", "a-gas"]).terminal).toBe(true);
  });
});

describe("the shared vectors", () => {
  const paths = VECTORS.flatMap(({ name, graph, errors, walks }) =>
    walks.map((path, index) => ({ ...path, graph, sound: errors.length === 0, title: `${name} (path ${index + 1})` })),
  );

  it.each(paths.filter((path) => path.result))("agrees: $title", ({ graph, node_ids: nodeIds, result }) => {
    const walked = walk(graph, picksAlong(graph, nodeIds));
    expect(walked.visited.slice(0, nodeIds.length)).toEqual(nodeIds);
    if (!result?.complete) return;
    expect(walked.visited).toEqual(nodeIds);
    expect(walked.terminal).toBe(true);
    expect(walked.serviceId).toBe(result.service_id);
  });

  const refused = paths.filter((path) => !path.result && path.sound && path.node_ids.length > 0);
  it.each(refused)("does not go where the server refuses: $title", ({ graph, node_ids: nodeIds }) => {
    const walked = walk(graph, picksAlong(graph, nodeIds));
    expect(isComplete(walked) && walked.visited.join() === nodeIds.join()).toBe(false);
  });
});

/** The picks by which a person would pass these nodes: one wherever there is something to pick. */
function picksAlong(graph: ServiceSelectionConfig, nodeIds: readonly string[]): string[] {
  const there = new Set(graph.nodes.map((node) => node.id));
  const ways = new Map<string, number>();
  for (const { source_node_id: source, target_node_id: target } of graph.edges) {
    if (there.has(target)) ways.set(source, (ways.get(source) ?? 0) + 1);
  }
  const questions = new Set(graph.nodes.filter((node) => node.type === "question_reference").map((node) => node.id));
  return nodeIds.slice(1).filter((_, index) => {
    const from = nodeIds[index] ?? "";
    return questions.has(from) || (ways.get(from) ?? 0) > 1;
  });
}
