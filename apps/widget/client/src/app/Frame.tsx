import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { BrandKit } from "../api/types";
import type { Translate } from "../i18n";
import { Brand } from "./Brand";
import { Icon } from "./Icon";
import { lockPage } from "./lockPage";

interface Props {
  t: Translate;
  title: string;
  kit: BrandKit | null;
  /** 0 to 1, or null for no line. */
  progress: number | null;
  onBack: (() => void) | null;
  /** The person wants out: by the button, by Escape or by a click beside the sheet. */
  onClose: () => void;
  live: string;
  children: ComponentChildren;
}

/** The dialog itself: header, progress, whatever step is inside. Traps focus, keeps the page behind still. */
export function Frame({ t, title, kit, progress, onBack, onClose, live, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const wanted = useRef(onClose);
  wanted.current = onClose;

  useEffect(() => {
    const element = dialog.current;
    if (!element) return undefined;
    if (!element.open) element.showModal();
    const unlock = lockPage();
    // Some browsers close a dialog on a second Escape whatever the page says; it is opened again, and asked.
    const reopen = (): void => {
      if (!element.isConnected) return;
      element.showModal();
      wanted.current();
    };
    element.addEventListener("close", reopen);
    return () => {
      element.removeEventListener("close", reopen);
      unlock();
      if (element.open) element.close();
    };
  }, []);

  return (
    <dialog
      ref={dialog}
      class="frame"
      lang={t.language}
      role="dialog"
      aria-modal="true"
      aria-labelledby="wb-title"
      onKeyDown={(event) => onKey(event, dialog.current, onClose)}
      onCancel={(event) => event.preventDefault()}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div class="sheet">
        <header class="head">
          {onBack ? (
            <button type="button" class="ghost" data-testid="back" aria-label={t("frame.back")} onClick={onBack}>
              <Icon name="chevron-left" />
            </button>
          ) : (
            <span class="ghost-space" />
          )}
          <Brand kit={kit} title={title} />
          <button type="button" class="ghost" data-testid="close" aria-label={t("frame.close")} onClick={onClose}>
            <Icon name="x" />
          </button>
        </header>
        {progress === null ? (
          <div class="progress-space" />
        ) : (
          <progress class="progress" value={progress} max={1} aria-label={t("frame.progress")} />
        )}
        <div class="sr" role="status" aria-live="polite">
          {live}
        </div>
        {children}
      </div>
    </dialog>
  );
}

function onKey(event: KeyboardEvent, dialog: HTMLDialogElement | null, onClose: () => void): void {
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    onClose();
  } else if (event.key === "Tab" && dialog) {
    wrapFocus(event, dialog);
  }
}

/** Tab from the last control comes to the first, and the other way round. */
function wrapFocus(event: KeyboardEvent, dialog: HTMLDialogElement): void {
  const controls = Array.from(
    dialog.querySelectorAll<HTMLElement>('button, a[href], input, select, textarea, [tabindex="0"]'),
  ).filter((control) => !control.matches(":disabled, [tabindex='-1'], [inert] *") && control.getClientRects().length > 0);
  const first = controls[0];
  const last = controls[controls.length - 1];
  const root = dialog.getRootNode() as Document | ShadowRoot;
  const from = event.shiftKey ? first : last;
  if (root.activeElement !== from) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}
