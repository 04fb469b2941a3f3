import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Translate } from "../i18n";
import type { Format } from "../i18n/format";
import { useStore } from "./store";

/** What a part needs that stands in the widget as well as on a page of its own. */
export interface Words {
  t: Translate;
  format: Format;
}

export const WordsContext = createContext<Words | null>(null);

/** The page's words; inside the widget the store's. */
export function useWords(): Words {
  return useContext(WordsContext) ?? useStore();
}
