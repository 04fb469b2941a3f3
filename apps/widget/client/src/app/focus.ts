/** Brings the first wrong field to the person, once the messages are on the screen. */
export function focusFirstError(id: string): void {
  setTimeout(() => {
    const root = document.getElementById("wrkbelt-scheduler-container")?.shadowRoot ?? document;
    root.getElementById(id)?.focus();
  }, 0);
}
