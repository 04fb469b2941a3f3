import { validate } from "@widget/engine/graphValidation";
import { configOf, titlesOf } from "./config";
import { KINDS } from "./kinds";
import { serviceIdOf, titleOf, type Library } from "./library";
import type { Catalogue, Doc, Id } from "./types";

export interface Problem {
  code: string;
  message: string;
  nodeIds: Id[];
  /** The rows cannot hold it: it has to be mended before the graph can be saved. */
  stopsSaving: boolean;
}

/** Everything that is wrong, what stops saving first; the rest only stops publishing. */
export function problemsOf(doc: Doc, library: Library, catalogue: Catalogue): Problem[] {
  const found = validate(configOf(doc, library), titlesOf(catalogue));
  const publishing = found.map(({ code, message, node_ids }) => ({ code, message, nodeIds: node_ids, stopsSaving: false }));
  return [...unfinished(doc, library), ...publishing, ...switchedOff(doc, library)];
}

function unfinished(doc: Doc, library: Library): Problem[] {
  return doc.nodes.flatMap((node) => {
    if (node.type === "service_reference" ? node.service_id !== null : titleOf(node, library).trim() !== "") return [];
    const message =
      node.type === "service_reference"
        ? "One service is not chosen yet. Choose it, or take it out, then save."
        : `${capital(KINDS[node.type].one)} has no words yet. Write them, or take it out, then save.`;
    return [{ code: "unfinished", message, nodeIds: [node.id], stopsSaving: true }];
  });
}

function switchedOff(doc: Doc, library: Library): Problem[] {
  const users = new Map<Id, Id[]>();
  for (const node of doc.nodes) {
    const service = library.service(serviceIdOf(node, library));
    if (service && !service.active) users.set(service.id, [...(users.get(service.id) ?? []), node.id]);
  }
  return [...users].map(([serviceId, nodeIds]) => ({
    code: "service_inactive",
    message: `“${library.service(serviceId)?.title}” is switched off. Switch it on, or take it out of the graph.`,
    nodeIds,
    stopsSaving: false,
  }));
}

/** The ways along a problem's path, by their ends. */
export function waysAlong(nodeIds: readonly Id[]): Set<string> {
  return new Set(nodeIds.slice(1).map((id, index) => `${nodeIds[index]}>${id}`));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
