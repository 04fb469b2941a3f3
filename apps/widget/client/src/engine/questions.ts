import type { CheckoutQuestion, DetailsField } from "../api/types";

const LONGEST = { text: 300, long_text: 2000 } as const;

/** A question of checkout as a field of the kind that asks for it. Yes and no are two choices: a tick says only one. */
export function fieldOf(question: CheckoutQuestion): DetailsField {
  const { id, text, help_text, kind, required } = question;
  const common = { key: id, label: text, help_text, required };
  switch (kind) {
    case "text":
      return { ...common, kind: "text", max_length: LONGEST.text };
    case "long_text":
      return { ...common, kind: "textarea", max_length: LONGEST.long_text };
    case "choice":
      return { ...common, kind: "select", options: question.options.map((option) => ({ value: option, label: option })) };
    case "yes_no":
      return { ...common, kind: "yes_no" };
  }
}
