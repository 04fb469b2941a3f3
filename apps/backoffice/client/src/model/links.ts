import type { Doc, EditorEdge, Id } from "./types";

/** The ways from and to each node, in order. */
export interface Links {
  out: Map<Id, EditorEdge[]>;
  into: Map<Id, EditorEdge[]>;
}

const known = new WeakMap<readonly EditorEdge[], Links>();

/** Worked out once for each list of edges: lists never change, they are replaced. */
export function linksOf(doc: Doc): Links {
  const before = known.get(doc.edges);
  if (before) return before;
  const links: Links = { out: new Map(), into: new Map() };
  for (const edge of doc.edges) {
    push(links.out, edge.source, edge);
    push(links.into, edge.target, edge);
  }
  known.set(doc.edges, links);
  return links;
}

function push(map: Map<Id, EditorEdge[]>, key: Id, edge: EditorEdge): void {
  const list = map.get(key);
  if (list) list.push(edge);
  else map.set(key, [edge]);
}

/** Whether one gets from a node to another. */
export function leadsTo(doc: Doc, from: Id, to: Id): boolean {
  const { out } = linksOf(doc);
  const seen = new Set([from]);
  const waiting = [from];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node === to) return true;
    for (const edge of out.get(node) ?? []) {
      if (seen.has(edge.target)) continue;
      seen.add(edge.target);
      waiting.push(edge.target);
    }
  }
  return false;
}

/** The question that customers are asked first: one that nothing leads to, the oldest if there are several. */
export function rootOf(doc: Doc): Id | null {
  const { into } = linksOf(doc);
  const roots = doc.nodes.filter((node) => node.type === "question_reference" && !into.has(node.id));
  return roots.map((node) => node.id).sort()[0] ?? null;
}
