import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { ApiClient } from "../api/client";
import type { Connection } from "../api/connection";
import type { Resolved, Step } from "../api/types";
import type { Translate } from "../i18n";
import type { Format } from "../i18n/format";
import type { SessionRecorder } from "../session/recorder";
import type { BookingAction, BookingState } from "./bookingReducer";
import type { Controller } from "./controller";
import type { Desk } from "./desk";
import type { NavigationAction, NavigationState } from "./navigationReducer";

/** All that a step may read or do. */
export interface Store {
  resolved: Resolved;
  steps: Step[];
  booking: BookingState;
  navigation: NavigationState;
  dispatch: (action: BookingAction) => void;
  navigate: (action: NavigationAction) => void;
  controller: Controller;
  /** Null until the later steps have been fetched: they are the only ones that need it. */
  desk: Desk | null;
  recorder: SessionRecorder;
  api: ApiClient;
  connection: Connection;
  t: Translate;
  format: Format;
  /** E.164, or null. */
  phone: string | null;
  close: () => void;
  /** Says something once to people who listen instead of look. */
  announce: (text: string) => void;
}

export const StoreContext = createContext<Store | null>(null);

export function useStore(): Store {
  const store = useContext(StoreContext);
  if (!store) throw new Error("A step was rendered outside the store.");
  return store;
}
