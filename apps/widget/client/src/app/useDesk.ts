import type { Desk } from "./desk";
import { useStore } from "./store";

/** The desk, in a step that is only there once it is. */
export function useDesk(): Desk {
  const { desk } = useStore();
  if (!desk) throw new Error("A step needs the desk before it was fetched.");
  return desk;
}
