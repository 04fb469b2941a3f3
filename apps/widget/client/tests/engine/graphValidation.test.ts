import { describe, expect, it } from "vitest";
import { validate } from "../../src/engine/graphValidation";
import { GRAPH } from "../support/flow";
import { VECTORS } from "../support/graphVectors";

describe("validate", () => {
  it.each(VECTORS)("says what the server says: $name", ({ graph, titles, errors }) => {
    expect(validate(graph, titles)).toEqual(errors);
  });

  it("refuses two nodes of one id, as the server does", () => {
    expect(() => validate({ ...GRAPH, nodes: [...GRAPH.nodes, ...GRAPH.nodes] })).toThrow("same id");
  });

  it("is not misled by a service whose id is a word of the language", () => {
    const graph = {
      root_node_id: null,
      nodes: [{ id: "s", type: "service_reference" as const, service_id: "constructor" }],
      edges: [],
    };
    expect(validate(graph, {}).map((problem) => problem.message)).toEqual([
      "The graph has no start. Add the question that customers see first.",
    ]);
  });

  it("answers for ten thousand nodes while somebody types", () => {
    const deep = VECTORS.find((vector) => vector.graph.nodes.length > 10_000);
    if (!deep) throw new Error("no vector is that large");
    const started = performance.now();
    validate(deep.graph);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
