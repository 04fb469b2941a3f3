import type { Trigger } from "../api/types";

export interface Match {
  element: Element;
  configId: string | null;
}

/** Opens without any configuration on the server. */
const BUILT_IN = "[data-wrkbelt-open]";

/** The trigger that a click landed in, if any. The first in the list wins; a selector that is no CSS is passed over. */
export function matchTrigger(target: EventTarget | null, triggers: readonly Trigger[]): Match | null {
  if (!(target instanceof Element)) return null;
  for (const { selector, config_id: configId } of [...triggers, { selector: BUILT_IN, config_id: null }]) {
    try {
      const element = target.closest(selector);
      if (element) return { element, configId };
    } catch {
      // Somebody typed something that is not a selector: the others still work.
    }
  }
  return null;
}

/** A click that means "open here": not one that opens a tab, nor one that another script has dealt with. */
export function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey && !event.defaultPrevented;
}
