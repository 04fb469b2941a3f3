import type { Kind } from "./types";

export interface KindWords {
  one: string;
  title: string;
  icon: string;
  className: string;
}

/** How each kind is named and drawn: never by its colour alone. */
export const KINDS: Record<Kind, KindWords> = {
  question_reference: { one: "a question", title: "Question", icon: "help", className: "question" },
  answer_reference: { one: "an answer", title: "Answer", icon: "chat_bubble", className: "answer" },
  service_reference: { one: "a service", title: "Service", icon: "home_repair_service", className: "service" },
};

/** What may follow what, as apps/flows/graph.py says. */
export const LEGAL_TARGETS: Record<Kind, readonly Kind[]> = {
  question_reference: ["answer_reference", "service_reference"],
  answer_reference: ["question_reference", "service_reference"],
  service_reference: ["question_reference"],
};
