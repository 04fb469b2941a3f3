import { createContext, useContext } from "react";
import type { Highlight } from "./canvas/flowNodes";
import type { Id, Kind, Place } from "./model/types";

export type PanelName = "part" | "problems" | "walk" | "outline";

/** Where something is asked for: after a node, at a place on the canvas, or both. */
export interface Asking {
  from: Id | null;
  /** Where the new node goes, on the graph's plane; by default beside what it follows. */
  at: Place | null;
  /** Where the list opens, in the canvas' pixels; by default in its middle. */
  screen: Place | null;
}

/** What is looked at: no part of the document, and nothing that an undo brings back. */
export interface Desk {
  panel: PanelName | null;
  selection: ReadonlySet<Id>;
  selectedEdge: Id | null;
  /** The part whose first field shall take the focus; a new object each time that it is asked for. */
  focusOn: { id: Id } | null;
  openPanel(name: PanelName | null): void;
  select(ids: Iterable<Id>, options?: { show?: boolean; edit?: boolean }): void;
  selectEdge(id: Id | null): void;
  /**
   * Brings nodes into sight: several so that all are seen, one by moving as little as it takes, or into the middle,
   * `below` it by so many pixels where something covers it.
   */
  show(ids: readonly Id[], options?: { centre?: { below: number } }): void;
  light(highlight: Highlight | null): void;
  ask(asking: Asking): void;
}

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("There is no desk around this.");
  return desk;
}

/** The focus goes to a node on the canvas, if it is drawn at the moment. */
export function focusNode(id: Id): void {
  document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
}

export const KIND_ORDER: readonly Kind[] = ["question_reference", "answer_reference", "service_reference"];
