/**
 * The preview is a page inside the editor's page: it never takes the focus from whoever is typing there, Tab leads out
 * of it again, and its links lead nowhere. The widget itself knows nothing of this.
 */
export function behave(page: Window & typeof globalThis, stage: HTMLElement, onLink: () => void): void {
  const { HTMLElement: Element, HTMLDialogElement: Dialog } = page;
  const focus = Element.prototype.focus;
  Element.prototype.focus = function (this: HTMLElement, options?: FocusOptions): void {
    if (page.document.hasFocus()) focus.call(this, options);
  };
  // Not modal: a modal dialog would take the focus, and keep the rest of the frame from the keyboard.
  Dialog.prototype.showModal = function (this: HTMLDialogElement): void {
    this.open = true;
  };
  page.addEventListener("keydown", (event) => event.key === "Tab" && event.stopPropagation(), { capture: true });
  stage.addEventListener(
    "click",
    (event) => {
      const link = event.composedPath().find((target) => target instanceof page.HTMLAnchorElement);
      if (!link) return;
      event.preventDefault();
      onLink();
    },
    { capture: true },
  );
}
