import type { Session } from "../api/types";
import type { BookingState } from "../app/bookingReducer";
import type { NavigationState } from "../app/navigationReducer";

/** What the tab remembers, so that a reload loses nothing. It never leaves the tab. */
export interface Draft {
  flowVersionId: string;
  session: Session | null;
  booking: BookingState;
  navigation: NavigationState;
  /** The page on which the widget was open when it was last written; null once it was closed. */
  openOn: string | null;
}

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const PREFIX = "wrkbelt:draft:";

export function readDraft(store: Store, configKey: string): Draft | null {
  try {
    return JSON.parse(store.getItem(PREFIX + configKey) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

export function writeDraft(store: Store, configKey: string, draft: Draft): void {
  try {
    store.setItem(PREFIX + configKey, JSON.stringify(draft));
  } catch {
    // Storage full or refused: the booking goes on, only a reload would start afresh.
  }
}

export function dropDraft(store: Store, configKey: string): void {
  store.removeItem(PREFIX + configKey);
}

/** The tab's storage, or a stand-in where the browser refuses it (private frames, strict settings). */
export function tabStorage(): Store {
  try {
    const store = window.sessionStorage;
    store.setItem("wrkbelt:probe", "1");
    store.removeItem("wrkbelt:probe");
    return store;
  } catch {
    const values = new Map<string, string>();
    return {
      getItem: (key) => values.get(key) ?? null,
      setItem: (key, value) => void values.set(key, value),
      removeItem: (key) => void values.delete(key),
    };
  }
}
