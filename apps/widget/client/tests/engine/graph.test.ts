import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ServiceSelectionConfig } from "../../src/api/types";
import { backTo, isComplete, picksOf, walk } from "../../src/engine/graph";
import { GRAPH } from "../support/flow";

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

interface Vector {
  name: string;
  graph: ServiceSelectionConfig;
  errors: unknown[];
  walks: { node_ids: string[]; result?: { service_id: string | null; complete: boolean } }[];
}

// The Python engine runs the same files.
const FOLDER = join(import.meta.dirname, "../../../../../fixtures/graphs");
const vectors = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .map((file) => JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as Vector);

describe.each(vectors.filter((vector) => vector.errors.length === 0))("shared vector: $name", ({ graph, walks }) => {
  it.each(walks.filter((path) => path.result))("agrees on $node_ids", ({ node_ids: nodeIds, result }) => {
    const walked = walk(graph, follow(graph, nodeIds));
    expect(walked.visited.slice(0, nodeIds.length)).toEqual(nodeIds);
    if (!result?.complete) return;
    expect(walked.visited).toEqual(nodeIds);
    expect(walked.serviceId).toBe(result.service_id);
    expect(isComplete(walked)).toBe(true);
  });

  it.each(walks.filter((path) => !path.result))("does not go where the server refuses: $node_ids", ({ node_ids: nodeIds }) => {
    const walked = walk(graph, follow(graph, nodeIds));
    expect(nodeIds.length > 0 && isComplete(walked) && walked.visited.join() === nodeIds.join()).toBe(false);
  });
});

/** The picks by which a person would pass these nodes. */
function follow(graph: ServiceSelectionConfig, nodeIds: readonly string[]): string[] {
  const picks: string[] = [];
  for (;;) {
    const walked = walk(graph, picks);
    const next = walked.choices.find((choice) => choice.node.id === nodeIds[walked.visited.length]);
    if (!next) return picks;
    picks.push(next.node.id);
  }
}
