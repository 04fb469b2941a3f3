import type { Doc } from "./types";

const LIMIT = 200;
/** Typing goes on for a while before it counts as another edit. */
const MERGE_MS = 1200;

export interface History {
  past: readonly Doc[];
  present: Doc;
  future: readonly Doc[];
  /** What the last edit was about: further ones of the same become one step. */
  merging: { key: string; at: number } | null;
}

export function beginWith(doc: Doc): History {
  return { past: [], present: doc, future: [], merging: null };
}

/** One more edit. `key` names what is being typed into or moved by key, so that a word is one step and not five. */
export function edited(history: History, next: Doc, key: string | null = null, now: number = Date.now()): History {
  if (next === history.present) return history;
  const { merging } = history;
  const merges = key !== null && merging?.key === key && now - merging.at < MERGE_MS;
  return {
    past: merges ? history.past : [...history.past.slice(-LIMIT + 1), history.present],
    present: next,
    future: [],
    merging: key === null ? null : { key, at: now },
  };
}

export function undone(history: History): History {
  const before = history.past.at(-1);
  if (!before) return history;
  return { past: history.past.slice(0, -1), present: before, future: [history.present, ...history.future], merging: null };
}

export function redone(history: History): History {
  const [next, ...future] = history.future;
  if (!next) return history;
  return { past: [...history.past, history.present], present: next, future, merging: null };
}
