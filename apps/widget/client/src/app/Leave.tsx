import { useEffect, useRef } from "preact/hooks";
import type { Translate } from "../i18n";

/** Asked only while a time is held. */
export function Leave({ t, onStay, onLeave }: { t: Translate; onStay: () => void; onLeave: () => void }) {
  const stay = useRef<HTMLButtonElement>(null);
  // Read before the step behind becomes inert and loses it: whoever stays goes on where they were.
  const before = useRef(focused());
  useEffect(() => {
    stay.current?.focus();
    return () => {
      requestAnimationFrame(() => before.current?.isConnected && before.current.focus());
    };
  }, []);
  return (
    <div class="cover">
      <div class="ask" role="alertdialog" aria-modal="true" aria-labelledby="wb-leave" aria-describedby="wb-leave-text">
        <h2 class="title" id="wb-leave">
          {t("leave.title")}
        </h2>
        <p class="lead" id="wb-leave-text">
          {t("leave.text")}
        </p>
        <button ref={stay} type="button" class="primary" data-testid="stay" onClick={onStay}>
          {t("leave.stay")}
        </button>
        <button type="button" class="secondary" data-testid="leave" onClick={onLeave}>
          {t("leave.go")}
        </button>
      </div>
    </div>
  );
}

/** What has the focus, also inside of a shadow root. */
function focused(): HTMLElement | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element instanceof HTMLElement ? element : null;
}
