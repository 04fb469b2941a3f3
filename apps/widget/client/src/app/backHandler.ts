import { createContext } from "preact";
import { useContext, useLayoutEffect } from "preact/hooks";

/** Where a step may say that "back" first means something inside it. */
export interface BackSlot {
  set: (handler: (() => void) | null) => void;
}

export const BackContext = createContext<BackSlot>({ set: () => undefined });

/** While mounted with a handler, the header's Back calls it instead of leaving the step. */
export function useBackHandler(handler: (() => void) | null): void {
  const slot = useContext(BackContext);
  useLayoutEffect(() => {
    slot.set(handler);
    return () => slot.set(null);
  });
}
