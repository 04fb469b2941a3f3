import { newId } from "./ids";
import { linksOf } from "./links";
import { COLUMN, NODE_HEIGHT, ROW } from "./sizes";
import type { Catalogue, Doc, EditorEdge, EditorNode, Id, Kind, NewAnswer, NewQuestion, Place } from "./types";

/** Each takes a document and returns another one; what did not change stays the same object. */

export function blankNode(type: Kind, at: Place, content: Partial<EditorNode> = {}): EditorNode {
  const none = { question_id: null, answer_id: null, service_id: null, words: null, category_id: null };
  return { ...none, ...content, id: newId(), type, x: Math.round(at.x), y: Math.round(at.y) };
}

export function addNode(doc: Doc, node: EditorNode, from: Id | null = null): Doc {
  const added = { ...doc, nodes: [...doc.nodes, node] };
  return from === null ? added : connect(added, from, node.id);
}

export function connect(doc: Doc, source: Id, target: Id): Doc {
  return { ...doc, edges: [...doc.edges, { id: newId(), source, target }] };
}

/** The way keeps its id, and its place among the choices where its source stays. */
export function reconnect(doc: Doc, edgeId: Id, source: Id, target: Id): Doc {
  const before = doc.edges.find((edge) => edge.id === edgeId);
  if (!before) return doc;
  if (before.source === source) return { ...doc, edges: doc.edges.map((edge) => (edge.id === edgeId ? { ...edge, target } : edge)) };
  return { ...doc, edges: [...doc.edges.filter((edge) => edge.id !== edgeId), { id: edgeId, source, target }] };
}

export function removeNodes(doc: Doc, ids: Iterable<Id>): Doc {
  const gone = new Set(ids);
  return {
    ...doc,
    nodes: doc.nodes.filter((node) => !gone.has(node.id)),
    edges: doc.edges.filter((edge) => !gone.has(edge.source) && !gone.has(edge.target)),
  };
}

export function removeEdge(doc: Doc, edgeId: Id): Doc {
  return { ...doc, edges: doc.edges.filter((edge) => edge.id !== edgeId) };
}

export function patchNode(doc: Doc, id: Id, patch: Partial<EditorNode>): Doc {
  return { ...doc, nodes: doc.nodes.map((node) => (node.id === id ? { ...node, ...patch } : node)) };
}

export function moveNodes(doc: Doc, places: ReadonlyMap<Id, Place>): Doc {
  if (places.size === 0) return doc;
  const nodes = doc.nodes.map((node) => {
    const place = places.get(node.id);
    return place ? { ...node, x: Math.round(place.x), y: Math.round(place.y) } : node;
  });
  return { ...doc, nodes };
}

/** Moves a choice to another place among those of its source. */
export function moveChoice(doc: Doc, edgeId: Id, position: number): Doc {
  const moved = doc.edges.find((edge) => edge.id === edgeId);
  if (!moved) return doc;
  const siblings = linksOf(doc).out.get(moved.source) ?? [];
  const others = siblings.filter((edge) => edge.id !== edgeId);
  const place = Math.max(0, Math.min(position, others.length));
  const ordered: EditorEdge[] = [...others.slice(0, place), moved, ...others.slice(place)];
  if (ordered.every((edge, index) => edge === siblings[index])) return doc;
  let next = 0;
  return { ...doc, edges: doc.edges.map((edge) => (edge.source === moved.source ? (ordered[next++] ?? edge) : edge)) };
}

export function addQuestion(doc: Doc, question: NewQuestion): Doc {
  return { ...doc, newQuestions: [...doc.newQuestions, question] };
}

export function patchQuestion(doc: Doc, id: Id, patch: Partial<NewQuestion>): Doc {
  return { ...doc, newQuestions: doc.newQuestions.map((one) => (one.id === id ? { ...one, ...patch } : one)) };
}

export function addAnswer(doc: Doc, answer: NewAnswer): Doc {
  return { ...doc, newAnswers: [...doc.newAnswers, answer] };
}

export function patchAnswer(doc: Doc, id: Id, patch: Partial<NewAnswer>): Doc {
  return { ...doc, newAnswers: doc.newAnswers.map((one) => (one.id === id ? { ...one, ...patch } : one)) };
}

/** What is new and still used: the rest was undone or replaced, or has been saved before, and is not sent. */
export function newContentInUse(doc: Doc, catalogue: Pick<Catalogue, "questions">): Pick<Doc, "newQuestions" | "newAnswers"> {
  const known = new Set(catalogue.questions.flatMap((question) => [question.id, ...question.answers.map((answer) => answer.id)]));
  const answers = new Set(doc.nodes.map((node) => node.answer_id));
  const newAnswers = doc.newAnswers.filter((answer) => answers.has(answer.id) && !known.has(answer.id));
  const questions = new Set([...doc.nodes.map((node) => node.question_id), ...newAnswers.map((answer) => answer.question_id)]);
  return { newQuestions: doc.newQuestions.filter((question) => questions.has(question.id) && !known.has(question.id)), newAnswers };
}

/** Where a new node goes: one column to the right of what leads to it, below what is there already. */
export function placeAfter(doc: Doc, from: Id): Place {
  const source = doc.nodes.find((node) => node.id === from);
  if (!source) return { x: 0, y: 0 };
  const children = new Set((linksOf(doc).out.get(from) ?? []).map((edge) => edge.target));
  const below = doc.nodes.filter((node) => children.has(node.id)).map((node) => node.y + ROW);
  return freePlace(doc, { x: source.x + COLUMN, y: below.length > 0 ? Math.max(...below) : source.y });
}

/** The wanted place, or the next one below it where nothing stands. */
export function freePlace(doc: Doc, wanted: Place): Place {
  const column = doc.nodes.filter((node) => Math.abs(node.x - wanted.x) < COLUMN * 0.75);
  let y = wanted.y;
  while (column.some((node) => Math.abs(node.y - y) < NODE_HEIGHT)) y += ROW;
  return { x: wanted.x, y };
}
