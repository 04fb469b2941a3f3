import { titleOf, type Library } from "./library";
import type { Doc, EditorNode, Id } from "./types";

const NAMED = 3;

/** What is different in one document than in another, one sentence each; empty where both say the same. */
export function changesIn(from: Doc, to: Doc, fromLibrary: Library, toLibrary: Library): string[] {
  const before = byId(from.nodes);
  const after = byId(to.nodes);
  const added = to.nodes.filter((node) => !before.has(node.id));
  const removed = from.nodes.filter((node) => !after.has(node.id));
  const stayed = to.nodes.filter((node) => before.has(node.id));
  const changed = stayed.filter((node) => said(node, toLibrary) !== said(before.get(node.id) ?? node, fromLibrary));
  const moved = stayed.filter((node) => placed(node) !== placed(before.get(node.id) ?? node));
  const ways = connections(from) !== connections(to);
  return [
    added.length > 0 && `${count(added.length, "part")} added: ${names(added, toLibrary)}.`,
    changed.length > 0 && `${count(changed.length, "part")} changed: ${names(changed, toLibrary)}.`,
    removed.length > 0 && `${count(removed.length, "part")} removed: ${names(removed, fromLibrary)}.`,
    ways && "Connections, or the order of choices, are different.",
    moved.length > 0 && `${count(moved.length, "part")} moved on the canvas.`,
  ].filter((line): line is string => line !== false);
}

/** Whether two documents would be stored as the same rows. */
export function isSame(a: Doc, b: Doc): boolean {
  return a === b || stored(a) === stored(b);
}

function stored(doc: Doc): string {
  const nodes = [...doc.nodes].sort((a, b) => (a.id < b.id ? -1 : 1)).map((node) => [raw(node), placed(node)]);
  return JSON.stringify([nodes, connections(doc), doc.newQuestions, doc.newAnswers]);
}

function raw(node: EditorNode): string {
  const { id, type, question_id, answer_id, service_id, category_id, words } = node;
  return JSON.stringify([id, type, question_id, answer_id, service_id, category_id, words && [words.title, words.description, words.icon]]);
}

function said(node: EditorNode, library: Library): string {
  return raw(node) + titleOf(node, library);
}

function placed(node: EditorNode): string {
  return `${node.x}:${node.y}`;
}

function connections(doc: Doc): string {
  const bySource = new Map<Id, string[]>();
  for (const edge of doc.edges) bySource.set(edge.source, [...(bySource.get(edge.source) ?? []), `${edge.id}:${edge.target}`]);
  return JSON.stringify([...bySource].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function byId(nodes: readonly EditorNode[]): Map<Id, EditorNode> {
  return new Map(nodes.map((node) => [node.id, node]));
}

function names(nodes: readonly EditorNode[], library: Library): string {
  const titles = nodes.slice(0, NAMED).map((node) => `“${titleOf(node, library) || "without words"}”`);
  return titles.join(", ") + (nodes.length > NAMED ? ` and ${nodes.length - NAMED} more` : "");
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
