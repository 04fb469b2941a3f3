import type { GraphNode, QuestionNode, ServiceSelectionConfig, Uuid } from "../api/types";

/** One thing a person may pick at a question. */
export interface Choice {
  node: GraphNode;
  /** The service that this choice settles, if it is one. */
  serviceId: Uuid | null;
}

/** An answered question. */
export interface Answered {
  /** Null where the choice was between services without a question of their own. */
  question: QuestionNode | null;
  choice: Choice;
}

export interface Walk {
  answered: Answered[];
  /** The question that waits for an answer; null at the end, and where services are offered without one. */
  question: QuestionNode | null;
  choices: Choice[];
  /** Every node passed, in order, the root first: what the server walks again. */
  visited: Uuid[];
  serviceId: Uuid | null;
  /** The node that settled the service. */
  serviceNodeId: Uuid | null;
  /** Nothing follows. */
  terminal: boolean;
}

interface Graph {
  nodes: Map<Uuid, GraphNode>;
  targets: Map<Uuid, GraphNode[]>;
}

/** A node's service, whether it is a service node or an answer that is a service. */
export function serviceOf(node: GraphNode): Uuid | null {
  if (node.type === "service_reference") return node.service_id;
  return node.type === "answer_reference" ? (node.service_id ?? null) : null;
}

/**
 * Follows the choices from the root as far as they hold. A choice that the graph does not offer ends the walk there,
 * so a path kept from an older version of the flow shortens instead of breaking. Each node is passed at most once.
 */
export function walk(config: ServiceSelectionConfig, picks: readonly Uuid[]): Walk {
  const graph = index(config);
  const result: Walk = {
    answered: [],
    question: null,
    choices: [],
    visited: [],
    serviceId: null,
    serviceNodeId: null,
    terminal: false,
  };
  const passed = new Set<GraphNode>();
  let node = graph.nodes.get(config.root_node_id);
  let next = 0;
  while (node && !passed.has(node)) {
    passed.add(node);
    enter(result, node);
    const targets: GraphNode[] = graph.targets.get(node.id) ?? [];
    if (targets.length === 0) break;
    const question: QuestionNode | null = node.type === "question_reference" ? node : null;
    if (!question && targets.length === 1) {
      node = targets[0];
      continue;
    }
    const picked: GraphNode | undefined = targets.find((target) => target.id === picks[next]);
    if (!picked) {
      result.question = question;
      result.choices = targets.map(toChoice);
      return result;
    }
    result.answered.push({ question, choice: toChoice(picked) });
    next += 1;
    node = picked;
  }
  result.terminal = true;
  return result;
}

/** The picks that lead back to the question answered at `position`, unanswered again. */
export function backTo(walked: Walk, position: number): Uuid[] {
  return picksOf(walked).slice(0, position);
}

export function picksOf(walked: Walk): Uuid[] {
  return walked.answered.map((step) => step.choice.node.id);
}

/** Done: nothing left to ask, and exactly one service found. */
export function isComplete(walked: Walk): boolean {
  return walked.terminal && walked.serviceId !== null;
}

function enter(result: Walk, node: GraphNode): void {
  result.visited.push(node.id);
  const service = serviceOf(node);
  if (service && !result.serviceId) {
    result.serviceId = service;
    result.serviceNodeId = node.id;
  }
}

function toChoice(node: GraphNode): Choice {
  return { node, serviceId: serviceOf(node) };
}

function index(config: ServiceSelectionConfig): Graph {
  const nodes = new Map(config.nodes.map((node) => [node.id, node]));
  const targets = new Map<Uuid, GraphNode[]>();
  for (const edge of config.edges) {
    const target = nodes.get(edge.target_node_id);
    if (!target) continue;
    const list = targets.get(edge.source_node_id) ?? [];
    list.push(target);
    targets.set(edge.source_node_id, list);
  }
  return { nodes, targets };
}
