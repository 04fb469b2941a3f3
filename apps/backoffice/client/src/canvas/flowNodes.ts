import { Position, type Edge, type Node } from "@xyflow/react";
import { KINDS } from "../model/kinds";
import { titleOf, underlineOf, type Library } from "../model/library";
import { linksOf, rootOf } from "../model/links";
import { waysAlong, type Problem } from "../model/problems";
import { NODE_HEIGHT, NODE_WIDTH } from "../model/sizes";
import type { Doc, EditorNode, Id, Kind, Place } from "../model/types";

export type Tone = "problem" | "walk" | "now" | "found";

export interface NodeData extends Record<string, unknown> {
  kind: Kind;
  title: string;
  under: string;
  isRoot: boolean;
  bad: boolean;
  /** Something else is highlighted, and this is not part of it. */
  faded: boolean;
  tone: Tone | null;
}

export type FlowNode = Node<NodeData, "part">;

/** What stands out at the moment: a faulty path, the way that is walked, or what a search found. */
export interface Highlight {
  tone: Tone;
  nodeIds: readonly Id[];
  /** What is not part of it, but stays in sight: the choices that one has. */
  beside?: readonly Id[];
  /** The one where one is. */
  now?: Id | undefined;
}

export interface View {
  selection: ReadonlySet<Id>;
  selectedEdge: Id | null;
  highlight: Highlight | null;
  /** Places of what is being dragged right now. */
  dragged: ReadonlyMap<Id, Place> | null;
}

const HANDLES = [
  { type: "target" as const, position: Position.Left, x: 0, y: 0, width: NODE_WIDTH, height: NODE_HEIGHT },
  { type: "source" as const, position: Position.Right, x: NODE_WIDTH - 12, y: NODE_HEIGHT / 2 - 12, width: 24, height: 24 },
];
const MEASURED = { width: NODE_WIDTH, height: NODE_HEIGHT };

/** Turns documents into React Flow's nodes; a node that looks as before stays the same object and is not drawn again. */
export class FlowNodes {
  private kept = new Map<Id, { mark: string; node: FlowNode }>();

  of(doc: Doc, library: Library, problems: readonly Problem[], view: View): FlowNode[] {
    const root = rootOf(doc);
    const bad = new Set(problems.flatMap((problem) => [problem.nodeIds.at(-1), problem.stopsSaving ? problem.nodeIds[0] : undefined]));
    const lit = view.highlight ? new Set(view.highlight.nodeIds) : null;
    const near = new Set(view.highlight?.beside);
    const next = new Map<Id, { mark: string; node: FlowNode }>();
    const nodes = doc.nodes.map((node) => {
      const data: NodeData = {
        kind: node.type,
        title: titleOf(node, library),
        under: underlineOf(node, library),
        isRoot: node.id === root,
        bad: bad.has(node.id),
        faded: lit !== null && !lit.has(node.id) && !near.has(node.id) && view.highlight?.tone !== "found",
        tone: lit?.has(node.id) ? (view.highlight?.now === node.id ? "now" : (view.highlight?.tone ?? null)) : null,
      };
      const place = view.dragged?.get(node.id) ?? node;
      const selected = view.selection.has(node.id);
      const mark = JSON.stringify([data, place.x, place.y, selected]);
      const before = this.kept.get(node.id);
      const kept = before?.mark === mark ? before : { mark, node: flowNode(node, data, place, selected, choicesOf(doc, node)) };
      next.set(node.id, kept);
      return kept.node;
    });
    this.kept = next;
    return nodes;
  }
}

function flowNode(node: EditorNode, data: NodeData, place: Place, selected: boolean, choices: number): FlowNode {
  return {
    id: node.id,
    type: "part",
    position: { x: place.x, y: place.y },
    data,
    selected,
    ...MEASURED,
    measured: MEASURED,
    handles: HANDLES,
    ariaLabel: labelOf(data, choices),
  };
}

function choicesOf(doc: Doc, node: EditorNode): number {
  return linksOf(doc).out.get(node.id)?.length ?? 0;
}

function labelOf(data: NodeData, choices: number): string {
  const kind = KINDS[data.kind].title;
  const follows = choices === 0 ? "nothing follows" : `${choices} ${choices === 1 ? "connection" : "connections"}`;
  return [`${kind}: ${data.title || "without words"}`, data.isRoot && "asked first", data.under, follows, data.bad && "has a problem"]
    .filter(Boolean)
    .join(", ");
}

export class FlowEdges {
  private kept = new Map<Id, { mark: string; edge: Edge }>();

  of(doc: Doc, view: View): Edge[] {
    const ways = view.highlight && view.highlight.tone !== "found" ? waysAlong(view.highlight.nodeIds) : null;
    const next = new Map<Id, { mark: string; edge: Edge }>();
    const edges = doc.edges.map((edge) => {
      const selected = view.selectedEdge === edge.id;
      const touches = view.selection.has(edge.source) || view.selection.has(edge.target);
      const lit = ways?.has(`${edge.source}>${edge.target}`) ?? false;
      const className = [lit && `ge-way-${view.highlight?.tone}`, ways && !lit && "ge-way-faded", touches && "ge-way-near"].filter(Boolean).join(" ");
      const mark = `${edge.source}>${edge.target} ${className} ${selected}`;
      const before = this.kept.get(edge.id);
      const { id, source, target } = edge;
      const kept = before?.mark === mark ? before : { mark, edge: { id, source, target, className, selected, zIndex: lit || selected ? 10 : 0 } };
      next.set(edge.id, kept);
      return kept.edge;
    });
    this.kept = next;
    return edges;
  }
}
