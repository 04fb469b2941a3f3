import type { Content, GraphNode, Service as WidgetService, ServiceSelectionConfig } from "@widget/api/types";
import type { DraftGraph, DraftNode } from "@widget/engine/graphValidation";
import { serviceIdOf, type Library } from "./library";
import { rootOf } from "./links";
import type { Catalogue, Doc, EditorNode } from "./types";

/** The graph as it would be published: what the widget's own engine walks and judges. */
export function configOf(doc: Doc, library: Library): DraftGraph & { edges: ServiceSelectionConfig["edges"] } {
  return {
    root_node_id: rootOf(doc),
    nodes: [...doc.nodes].sort((a, b) => (a.id < b.id ? -1 : 1)).map((node) => nodeOf(node, library)),
    edges: doc.edges.map((edge) => ({ id: edge.id, source_node_id: edge.source, target_node_id: edge.target })),
  };
}

/** What can be walked: nodes that name no service yet are left out, and without a start there is nothing. */
export function walkable(draft: ReturnType<typeof configOf>): ServiceSelectionConfig {
  const nodes = draft.nodes.filter((node): node is GraphNode => node.type !== "service_reference" || node.service_id !== null);
  return { root_node_id: draft.root_node_id ?? "", nodes, edges: draft.edges };
}

function nodeOf(node: EditorNode, library: Library): DraftNode {
  if (node.type === "question_reference") {
    const question = library.question(node.question_id);
    return {
      id: node.id,
      type: node.type,
      question: {
        id: node.question_id ?? "",
        unique_name: question?.unique_name ?? "",
        title: question?.title ?? "",
        description: question?.description ?? "",
        help_text: question?.help_text ?? "",
        icon: question?.icon ?? "",
      },
    };
  }
  const service_id = serviceIdOf(node, library);
  if (node.type === "service_reference") return { id: node.id, type: node.type, service_id };
  const answer = library.answer(node.answer_id);
  const words = node.words ?? { title: answer?.title ?? "", description: answer?.description ?? "", icon: answer?.icon ?? "" };
  return { id: node.id, type: node.type, answer: { ...words, category_id: node.category_id ?? answer?.category_id ?? null }, service_id };
}

export function titlesOf(catalogue: Catalogue): Record<string, string> {
  return Object.fromEntries(catalogue.services.map((service) => [service.id, service.title]));
}

/** Services and headings as the widget has them beside the graph. */
export function surroundings(catalogue: Catalogue): { services: Record<string, WidgetService>; categories: Record<string, Content> } {
  const content = ({ title, description, icon }: Content): Content => ({ title, description: description ?? "", icon: icon ?? "" });
  return {
    services: Object.fromEntries(catalogue.services.map((service) => [service.id, { ...service, content: content(service) }])),
    categories: Object.fromEntries(catalogue.categories.map((category) => [category.id, content(category)])),
  };
}
