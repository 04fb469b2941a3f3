export type Direction = "forward" | "back";

export interface NavigationState {
  /** Position in the flow's steps. */
  index: number;
  /** Ids of the steps that were completed at least once. */
  completed: string[];
  direction: Direction;
  /** An edit from the summary: the next "continue" leads back there as soon as nothing is missing. */
  editing: boolean;
  /** What a step wants to find again when it is entered again, by step id (its own shape). */
  mementos: Record<string, unknown>;
}

export type NavigationAction =
  | { type: "completed"; stepId: string; to: number }
  | { type: "back" }
  | { type: "edit"; to: number }
  | { type: "remembered"; stepId: string; memento: unknown }
  | { type: "restored"; state: NavigationState };

export const START: NavigationState = { index: 0, completed: [], direction: "forward", editing: false, mementos: {} };

export function navigationReducer(state: NavigationState, action: NavigationAction): NavigationState {
  switch (action.type) {
    case "completed":
      return {
        ...state,
        index: action.to,
        direction: action.to >= state.index ? "forward" : "back",
        completed: state.completed.includes(action.stepId) ? state.completed : [...state.completed, action.stepId],
      };
    case "back":
      return { ...state, index: Math.max(0, state.index - 1), direction: "back", editing: false };
    case "edit":
      return { ...state, index: action.to, direction: "back", editing: true };
    case "remembered":
      return { ...state, mementos: { ...state.mementos, [action.stepId]: action.memento } };
    case "restored":
      return action.state;
  }
}

/**
 * Where "continue" leads. Straight on; while editing from the summary, to the first later step that still lacks
 * something, else back to the last step.
 */
export function nextIndex(state: NavigationState, incomplete: (index: number) => boolean, count: number): number {
  if (!state.editing) return Math.min(state.index + 1, count - 1);
  for (let index = state.index + 1; index < count - 1; index += 1) {
    if (incomplete(index)) return index;
  }
  return count - 1;
}
