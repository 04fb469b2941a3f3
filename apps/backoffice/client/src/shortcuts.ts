import { useEffect, useRef } from "react";

export interface Deeds {
  save(): void;
  undo(): void;
  redo(): void;
  search(): void;
  help(): void;
  tidy(): void;
  fit(): void;
}

const WHILE_TYPING = "input, textarea, select, [contenteditable], dialog";

/** Keys that work on the whole page. Single letters only where nobody is typing. */
export function useShortcuts(deeds: Deeds): void {
  const latest = useRef(deeds);
  latest.current = deeds;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const deed = deedOf(event);
      if (!deed || event.defaultPrevented) return;
      event.preventDefault();
      latest.current[deed]();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}

export function deedOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "target">): keyof Deeds | null {
  const key = event.key.toLowerCase();
  if (event.altKey) return null;
  if (event.ctrlKey || event.metaKey) {
    if (key === "z") return event.shiftKey ? "redo" : "undo";
    return ({ s: "save", y: "redo", f: "search" } as const)[key] ?? null;
  }
  if (event.target instanceof Element && event.target.closest(WHILE_TYPING)) return null;
  return ({ "/": "search", "?": "help", t: "tidy", f: "fit" } as const)[key] ?? null;
}
