import { useCallback, useRef } from "react";

/**
 * The same function for ever, which does what the latest one does. React Flow tells every node and way on the canvas
 * whenever it is given another handler, so handlers that are made anew by each drawing make dragging slow.
 */
export function useStable<Arguments extends unknown[], Result>(latest: (...values: Arguments) => Result): (...values: Arguments) => Result {
  const held = useRef(latest);
  held.current = latest;
  return useCallback((...values: Arguments) => held.current(...values), []);
}
