import { linksOf, rootOf } from "./links";
import type { Doc, EditorNode, Id } from "./types";

export interface Line {
  node: EditorNode;
  depth: number;
  /** It stands above already; what follows it is not repeated. */
  repeated: boolean;
  loose: boolean;
}

/** The graph as a list, depth first in the order of choices: first from the root, then what nothing leads to. */
export function outlineOf(doc: Doc): Line[] {
  const { out, into } = linksOf(doc);
  const nodes = new Map(doc.nodes.map((node) => [node.id, node]));
  const root = rootOf(doc);
  const lines: Line[] = [];
  const seen = new Set<Id>();
  const starts = [...(root === null ? [] : [root]), ...doc.nodes.filter((node) => !into.has(node.id)).map((node) => node.id), ...nodes.keys()];
  for (const start of starts) {
    if (seen.has(start)) continue;
    const waiting = [{ id: start, depth: 0 }];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const node = nodes.get(next.id);
      if (!node) continue;
      const repeated = seen.has(node.id);
      seen.add(node.id);
      lines.push({ node, depth: next.depth, repeated, loose: start !== root });
      if (repeated) continue;
      const depth = next.depth + 1;
      for (const edge of [...(out.get(node.id) ?? [])].reverse()) waiting.push({ id: edge.target, depth });
    }
  }
  return lines;
}

export type Direction = "ArrowRight" | "ArrowLeft" | "ArrowUp" | "ArrowDown";

/** Where an arrow key leads: along a way, or to a neighbour among the choices of the same source. */
export function neighbourOf(doc: Doc, id: Id, direction: Direction): Id | null {
  const { out, into } = linksOf(doc);
  if (direction === "ArrowRight") return out.get(id)?.[0]?.target ?? null;
  if (direction === "ArrowLeft") return into.get(id)?.[0]?.source ?? null;
  const source = into.get(id)?.[0]?.source;
  const starts = doc.nodes.filter((node) => !into.has(node.id)).sort((a, b) => a.y - b.y);
  const siblings = source === undefined ? starts.map((node) => node.id) : (out.get(source) ?? []).map((edge) => edge.target);
  return siblings[siblings.indexOf(id) + (direction === "ArrowDown" ? 1 : -1)] ?? null;
}
