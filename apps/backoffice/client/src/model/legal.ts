import { KINDS, LEGAL_TARGETS } from "./kinds";
import { leadsTo, linksOf } from "./links";
import { titleOf, type Library } from "./library";
import type { Doc, Id, Kind } from "./types";

const INSTEAD: Record<Kind, string> = {
  question_reference: "A question leads to answers or services.",
  answer_reference: "An answer leads to a question or a service.",
  service_reference: "After a service only a question can follow.",
};

/** Why two nodes cannot be connected, in a sentence; null where they can. `except` is a way that is being moved. */
export function whyNot(doc: Doc, library: Library, source: Id, target: Id, except?: Id): string | null {
  const from = doc.nodes.find((node) => node.id === source);
  const to = doc.nodes.find((node) => node.id === target);
  if (!from || !to) return "There is nothing to connect here.";
  if (source === target) return "Nothing can lead to itself.";
  if (!LEGAL_TARGETS[from.type].includes(to.type)) return `${INSTEAD[from.type]} It cannot lead to ${KINDS[to.type].one}.`;
  if ((linksOf(doc).out.get(source) ?? []).some((edge) => edge.target === target && edge.id !== except)) {
    return "These two are connected already.";
  }
  if (leadsTo(without(doc, except), target, source)) {
    return `That would go round in a circle: “${titleOf(to, library)}” leads to “${titleOf(from, library)}” already.`;
  }
  return null;
}

function without(doc: Doc, edgeId: Id | undefined): Doc {
  return edgeId === undefined ? doc : { ...doc, edges: doc.edges.filter((edge) => edge.id !== edgeId) };
}
