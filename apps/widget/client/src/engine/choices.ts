import type { DetailsField } from "../api/types";

/** What there is to choose from; nothing where one types. */
export function choicesOf(field: DetailsField, words: { yes: string; no: string }): { value: string; label: string }[] {
  if (field.kind !== "yes_no") return field.options ?? [];
  return [{ value: "yes", label: words.yes }, { value: "no", label: words.no }];
}
