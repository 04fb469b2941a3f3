import type { Content, Flow } from "../api/types";
import type { Choice } from "../engine/graph";

/** What a choice says: an answer's own words, else its service's. */
export function contentOf(choice: Choice, flow: Flow): Content {
  const service = choice.serviceId ? flow.services[choice.serviceId]?.content : undefined;
  if (choice.node.type !== "answer_reference") return service ?? { title: "" };
  const answer = choice.node.answer;
  return {
    title: answer.title || (service?.title ?? ""),
    description: answer.description || service?.description || null,
    icon: answer.icon || service?.icon || null,
  };
}

export function categoryOf(choice: Choice): string | null {
  return choice.node.type === "answer_reference" ? (choice.node.answer.category_id ?? null) : null;
}
