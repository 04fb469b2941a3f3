import type { GraphNode, ServiceSelectionConfig, Uuid } from "../api/types";
import { serviceOf } from "./graph";

/**
 * What is wrong with a graph while somebody edits it: the same codes, node ids and sentences as apps/flows/graph.py, to
 * the letter, in O(nodes + edges) and without recursion. fixtures/graphs holds what both must say.
 *
 * Only the back office imports this: it is no part of the widget.
 */

export type ProblemCode =
  | "no_root"
  | "many_roots"
  | "cycle"
  | "unreachable"
  | "path_without_service"
  | "path_with_two_services"
  | "illegal_edge"
  | "dangling";

export interface GraphProblem {
  code: ProblemCode;
  /** The offending path, in its order. */
  node_ids: Uuid[];
  /** What is wrong and what to do about it, in a sentence or two. */
  message: string;
}

export type DraftNode = Exclude<GraphNode, { type: "service_reference" }> | { id: Uuid; type: "service_reference"; service_id: Uuid | null };

/** A service_selection step's config as it stands in an editor: it may have no root, and services may be missing. */
export interface DraftGraph {
  root_node_id: Uuid | null;
  nodes: readonly DraftNode[];
  edges: readonly Omit<ServiceSelectionConfig["edges"][number], "id">[];
}

type Kind = GraphNode["type"];

const MAX_PROBLEMS_PER_CODE = 20;
const MAX_NODES_NAMED = 6;
const LEGAL_TARGETS: Record<Kind, readonly Kind[]> = {
  question_reference: ["answer_reference", "service_reference"],
  answer_reference: ["question_reference", "service_reference"],
  service_reference: ["question_reference"],
};
const KIND_WORDS: Record<Kind, string> = {
  question_reference: "a question",
  answer_reference: "an answer",
  service_reference: "a service",
};
const MISSING_BETWEEN: Record<Kind, string> = {
  question_reference: "an answer",
  answer_reference: "a question",
  service_reference: "a question",
};

interface Node {
  id: Uuid;
  kind: Kind;
  label: string;
  serviceId: Uuid | null;
  /** Edges to nodes that exist; those to nothing are left out. */
  targets: Node[];
  sources: Node[];
}

interface Graph {
  rootId: Uuid | null;
  nodes: Map<Uuid, Node>;
  edges: DraftGraph["edges"];
}

/**
 * Everything that is wrong with a graph; empty if it can be published.
 *
 * `titles` (of services, by id) lets the sentences name services. Throws where two nodes have the same id.
 */
export function validate(config: DraftGraph, titles: Readonly<Record<Uuid, string>> = {}): GraphProblem[] {
  const graph = linked(config, titles);
  const roots = [...graph.nodes.values()].filter(
    (node) => node.kind === "question_reference" && (node.id === graph.rootId || node.sources.length === 0),
  );
  const found = [...rootProblems(graph, roots), ...dangling(graph), ...illegalEdges(graph)];
  const reached = reachable(roots);
  const [root] = roots;
  if (root) found.push(...unreachable(graph, reached));
  const { order, leftOver } = topologicalOrder(graph);
  if (leftOver.size > 0) {
    found.push(cycle(graph, leftOver)); // where a path goes round, there is no counting what it meets
  } else if (root && roots.length === 1 && root.id === graph.rootId) {
    found.push(
      ...pathProblems(
        graph,
        root,
        order.filter((node) => reached.has(node)),
      ),
    );
  }
  return limited(found);
}

function linked(config: DraftGraph, titles: Readonly<Record<Uuid, string>>): Graph {
  const nodes = new Map<Uuid, Node>();
  for (const node of config.nodes) {
    if (nodes.has(node.id)) throw new Error("Two nodes have the same id.");
    const serviceId = serviceOf(node as GraphNode);
    const label = ownTitle(node) || (serviceId !== null && Object.hasOwn(titles, serviceId) ? titles[serviceId] : "") || "";
    nodes.set(node.id, { id: node.id, kind: node.type, label, serviceId, targets: [], sources: [] });
  }
  for (const edge of config.edges) {
    const source = nodes.get(edge.source_node_id);
    const target = nodes.get(edge.target_node_id);
    if (!source || !target) continue;
    source.targets.push(target);
    target.sources.push(source);
  }
  return { rootId: config.root_node_id, nodes, edges: config.edges };
}

function ownTitle(node: DraftNode): string {
  if (node.type === "question_reference") return node.question.title;
  return node.type === "answer_reference" ? node.answer.title : "";
}

function problem(code: ProblemCode, nodeIds: Uuid[], message: string): GraphProblem {
  return { code, node_ids: nodeIds, message: message.charAt(0).toUpperCase() + message.slice(1) };
}

function* rootProblems(graph: Graph, roots: readonly Node[]): Generator<GraphProblem> {
  if (roots.length > 1) {
    const all = roots.length === 2 ? "both" : "all";
    const message = `${listOf(roots)} ${all} start the graph. Keep one of them, and let an answer lead to each of the others.`;
    yield problem("many_roots", ids(roots), message);
  } else if (roots[0]?.id !== graph.rootId || graph.rootId === null) {
    const named = graph.rootId === null ? undefined : graph.nodes.get(graph.rootId);
    const message = named
      ? `The graph starts with ${nameOf(named)}, but it has to start with a question. Put the question that customers see first before it.`
      : "The graph has no start. Add the question that customers see first.";
    yield problem("no_root", named ? [named.id] : [], message);
  }
}

function* dangling(graph: Graph): Generator<GraphProblem> {
  for (const { source_node_id: source, target_node_id: target } of graph.edges) {
    if (graph.nodes.has(source) && graph.nodes.has(target)) continue;
    const known = graph.nodes.get(source) ?? graph.nodes.get(target);
    const place = known ? ` at ${nameOf(known)}` : "";
    const message = `A connection${place} has nothing at its other end. Remove it, or connect it again.`;
    yield problem("dangling", [source, target], message);
  }
  for (const node of graph.nodes.values()) {
    if (node.kind === "service_reference" && node.serviceId === null) {
      const message = `${nameOf(node)} names no service that can be booked. Choose one, or remove it.`;
      yield problem("dangling", [node.id], message);
    }
    if (node.kind === "question_reference" && node.targets.length === 0) {
      const message = `Nothing can be chosen at ${nameOf(node)}. Add answers or services to it.`;
      yield problem("dangling", [node.id], message);
    }
  }
}

function* illegalEdges(graph: Graph): Generator<GraphProblem> {
  for (const edge of graph.edges) {
    const source = graph.nodes.get(edge.source_node_id);
    const target = graph.nodes.get(edge.target_node_id);
    if (!source || !target || LEGAL_TARGETS[source.kind].includes(target.kind)) continue;
    const message =
      `${nameOf(source)} leads to ${nameOf(target)}, but ${KIND_WORDS[source.kind]} cannot lead to ` +
      `${KIND_WORDS[target.kind]}. Put ${MISSING_BETWEEN[source.kind]} between them.`;
    yield problem("illegal_edge", [source.id, target.id], message);
  }
}

function reachable(roots: readonly Node[]): Set<Node> {
  const reached = new Set(roots);
  for (const node of reached) for (const target of node.targets) reached.add(target); // grows while it is read
  return reached;
}

function* unreachable(graph: Graph, reached: ReadonlySet<Node>): Generator<GraphProblem> {
  const lost = [...graph.nodes.values()].filter((node) => !reached.has(node));
  if (lost.length === 0) return;
  const message = `No way leads from the start to ${listOf(lost)}. Connect what is missing, or remove it.`;
  yield problem("unreachable", ids(lost), message);
}

/** Nodes in an order in which every edge points forward, and the rest: circles and what follows them. */
function topologicalOrder(graph: Graph): { order: Node[]; leftOver: Set<Node> } {
  const waitingFor = new Map([...graph.nodes.values()].map((node) => [node, node.sources.length]));
  const order = [...graph.nodes.values()].filter((node) => node.sources.length === 0);
  for (const node of order) {
    for (const target of node.targets) {
      const left = (waitingFor.get(target) ?? 0) - 1;
      waitingFor.set(target, left);
      if (left === 0) order.push(target);
    }
  }
  const leftOver = new Set([...waitingFor].filter(([, count]) => count > 0).map(([node]) => node));
  return { order, leftOver };
}

/** One circle. Each left-over node has a left-over source, so going backwards must come round. */
function cycle(graph: Graph, leftOver: ReadonlySet<Node>): GraphProblem {
  const seen = new Map<Node, number>();
  const backwards: Node[] = [];
  let node: Node | undefined = [...leftOver][0];
  while (node && !seen.has(node)) {
    seen.set(node, backwards.length);
    backwards.push(node);
    node = node.sources.find((source) => leftOver.has(source));
  }
  const circle = backwards.slice(node ? seen.get(node) : 0).reverse();
  const positions = new Map([...graph.nodes.values()].map((candidate, position) => [candidate, position]));
  const position = (candidate: Node) => positions.get(candidate) ?? 0;
  const start = circle.reduce((best, candidate, index) => {
    const first = circle[best];
    return first && position(candidate) < position(first) ? index : best;
  }, 0);
  const path = [...circle.slice(start), ...circle.slice(0, start + 1)];
  return problem("cycle", ids(path), `${pathOf(path)} goes round in a circle. Remove one of these connections.`);
}

/** How many services a path from the root to a node meets, at least or at most, and who was before it there. */
interface Met {
  services: number;
  before: Node | null;
}

function* pathProblems(graph: Graph, root: Node, order: readonly Node[]): Generator<GraphProblem> {
  const fewest = countServices(root, order, (count, known) => count < known);
  const most = countServices(root, order, (count, known) => count > known);
  const ends = [...graph.nodes.values()].filter((node) => fewest.has(node) && node.targets.length === 0);
  // A question that offers nothing is reported as such; its path is unfinished, not without a service.
  const without = ends.filter((end) => fewest.get(end)?.services === 0 && end.kind !== "question_reference");
  for (const end of without.slice(0, MAX_PROBLEMS_PER_CODE)) {
    const path = trace(fewest, end);
    const message = `${pathOf(path)} ends without a service. Add one to this path.`;
    yield problem("path_without_service", ids(path), message);
  }
  const withTwo = ends.filter((end) => (most.get(end)?.services ?? 0) > 1);
  for (const end of withTwo.slice(0, MAX_PROBLEMS_PER_CODE)) {
    const path = trace(most, end);
    const message = `${pathOf(path)} meets ${most.get(end)?.services} services. Leave exactly one on this path.`;
    yield problem("path_with_two_services", ids(path), message);
  }
}

function countServices(root: Node, order: readonly Node[], better: (count: number, known: number) => boolean): Map<Node, Met> {
  const met = new Map<Node, Met>([[root, { services: servicesOf(root), before: null }]]);
  for (const node of order) {
    const soFar = met.get(node)?.services ?? 0;
    for (const target of node.targets) {
      const services = soFar + servicesOf(target);
      const known = met.get(target);
      if (!known || better(services, known.services)) met.set(target, { services, before: node });
    }
  }
  return met;
}

function servicesOf(node: Node): number {
  return node.serviceId === null ? 0 : 1;
}

function trace(met: ReadonlyMap<Node, Met>, end: Node): Node[] {
  const path: Node[] = [];
  for (let node: Node | null = end; node; node = met.get(node)?.before ?? null) path.push(node);
  return path.reverse();
}

function ids(nodes: readonly Node[]): Uuid[] {
  return nodes.map((node) => node.id);
}

function nameOf(node: Node): string {
  return node.label ? `“${node.label}”` : `${KIND_WORDS[node.kind]} without a title`;
}

function listOf(nodes: readonly Node[]): string {
  const names = nodes.slice(0, MAX_NODES_NAMED).map(nameOf);
  if (nodes.length > names.length) names.push(`${nodes.length - names.length} more`);
  const last = names.pop() ?? "";
  return names.length > 0 ? `${names.join(", ")} and ${last}` : last;
}

function pathOf(path: readonly Node[]): string {
  const half = MAX_NODES_NAMED / 2;
  const names =
    path.length > MAX_NODES_NAMED
      ? [...path.slice(0, half).map(nameOf), "…", ...path.slice(-half).map(nameOf)]
      : path.map(nameOf);
  return `The path ${names.join(" → ")}`;
}

function limited(found: readonly GraphProblem[]): GraphProblem[] {
  const seen = new Map<ProblemCode, number>();
  return found.filter(({ code }) => {
    const count = (seen.get(code) ?? 0) + 1;
    seen.set(code, count);
    return count <= MAX_PROBLEMS_PER_CODE;
  });
}
