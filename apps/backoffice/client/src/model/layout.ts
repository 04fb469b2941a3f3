import { linksOf, rootOf } from "./links";
import { COLUMN, ROW } from "./sizes";
import type { Doc, Id, Place } from "./types";

/**
 * Places from left to right: a column for each step of the longest way from the start, a row for each end, choices from
 * top to bottom in their order. Everything that is reached first through a node lies in rows of its own beside it, so
 * nothing overlaps. O(nodes + edges); nothing recurses.
 */
export function tidy(doc: Doc): Map<Id, Place> {
  const columns = columnsOf(doc);
  const rows = new Map<Id, number>();
  const taken = new Set<Id>();
  let nextRow = 0;
  for (const start of startsOf(doc)) {
    if (taken.has(start)) continue;
    taken.add(start);
    nextRow = layTree(doc, start, rows, taken, nextRow);
  }
  centreMeetingPoints(doc, columns, rows);
  return new Map(doc.nodes.map((node) => [node.id, { x: (columns.get(node.id) ?? 0) * COLUMN, y: Math.round((rows.get(node.id) ?? 0) * ROW) }]));
}

/** The root first, then what nothing leads to, then the rest: parts that only circles lead to. */
function startsOf(doc: Doc): Id[] {
  const { into } = linksOf(doc);
  const root = rootOf(doc);
  const loose = doc.nodes.filter((node) => !into.has(node.id) && node.id !== root).map((node) => node.id);
  return [...(root === null ? [] : [root]), ...loose, ...doc.nodes.map((node) => node.id)];
}

/** Each node's column: the longest way to it. What goes round in a circle comes after what leads into it. */
function columnsOf(doc: Doc): Map<Id, number> {
  const { out, into } = linksOf(doc);
  const waitingFor = new Map(doc.nodes.map((node) => [node.id, into.get(node.id)?.length ?? 0]));
  const columns = new Map<Id, number>();
  const order = doc.nodes.filter((node) => waitingFor.get(node.id) === 0).map((node) => node.id);
  const settle = (from: number): void => {
    for (let index = from; index < order.length; index += 1) {
      const id = order[index] ?? "";
      const column = columns.get(id) ?? 0;
      columns.set(id, column);
      for (const edge of out.get(id) ?? []) {
        if (!waitingFor.has(edge.target) || (waitingFor.get(edge.target) ?? 0) <= 0) continue;
        columns.set(edge.target, Math.max(columns.get(edge.target) ?? 0, column + 1));
        waitingFor.set(edge.target, (waitingFor.get(edge.target) ?? 0) - 1);
        if (waitingFor.get(edge.target) === 0) order.push(edge.target);
      }
    }
  };
  settle(0);
  for (const node of doc.nodes) {
    if ((waitingFor.get(node.id) ?? 0) <= 0) continue;
    waitingFor.set(node.id, 0);
    order.push(node.id);
    settle(order.length - 1);
  }
  return columns;
}

/** Depth first: an end takes the next row, everything else the middle of what follows it. Returns the next free row. */
function layTree(doc: Doc, start: Id, rows: Map<Id, number>, taken: Set<Id>, firstRow: number): number {
  const { out } = linksOf(doc);
  const stack: { id: Id; children: Id[]; next: number }[] = [open(start)];
  let row = firstRow;
  function open(id: Id): { id: Id; children: Id[]; next: number } {
    const children = (out.get(id) ?? []).map((edge) => edge.target).filter((target) => !taken.has(target));
    for (const child of children) taken.add(child);
    return { id, children, next: 0 };
  }
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const child = top.children[top.next];
    top.next += 1;
    if (child !== undefined) {
      stack.push(open(child));
      continue;
    }
    stack.pop();
    const [first, last] = [top.children[0], top.children.at(-1)];
    if (first === undefined || last === undefined) {
      rows.set(top.id, row);
      row += 1;
    } else {
      rows.set(top.id, ((rows.get(first) ?? row) + (rows.get(last) ?? row)) / 2);
    }
  }
  return row;
}

/** What several ways meet in moves to their middle, where there is room in its column and nothing hangs on it. */
function centreMeetingPoints(doc: Doc, columns: Map<Id, number>, rows: Map<Id, number>): void {
  const { out, into } = linksOf(doc);
  const inColumn = new Map<number, Id[]>();
  for (const [id, column] of columns) {
    const list = inColumn.get(column);
    if (list) list.push(id);
    else inColumn.set(column, [id]);
  }
  for (const node of doc.nodes) {
    const sources = into.get(node.id) ?? [];
    if (sources.length < 2 || out.has(node.id)) continue;
    const wanted = sources.reduce((sum, edge) => sum + (rows.get(edge.source) ?? 0), 0) / sources.length;
    const neighbours = inColumn.get(columns.get(node.id) ?? 0) ?? [];
    if (neighbours.every((id) => id === node.id || Math.abs((rows.get(id) ?? 0) - wanted) >= 1)) rows.set(node.id, wanted);
  }
}
