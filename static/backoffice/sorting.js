// A list that is put in order by dragging a handle, by arrow keys on it, or by buttons. Works on touch, too.
"use strict";

/**
 * `items()` are the elements in their order. `moved(item)` is told while something is on its way, `dropped(item)`
 * once it has come to rest somewhere else, and `put(item)` when it went back to where it was.
 */
function makeSortable(list, { handle, items, moved = () => {}, dropped = () => {}, put = () => {} }) {
  let drag = null;

  const place = (item) => items().indexOf(item);

  const moveTo = (item, wanted) => {
    const others = items().filter((other) => other !== item);
    const next = others[wanted] ?? null;
    if (next) next.before(item);
    else others.at(-1)?.after(item);
  };

  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(handle);
    if (!grip || drag || event.button !== 0 || !list.contains(grip)) return;
    const item = items().find((one) => one.contains(grip));
    if (!item) return;
    event.preventDefault();
    grip.focus();
    drag = { item, grip, from: place(item), startY: event.clientY, begun: false };
    document.documentElement.setPointerCapture(event.pointerId); // also above the preview's frame
    for (const [name, listener] of Object.entries(whileDragging)) document.addEventListener(name, listener);
  });

  // A card that changes its place would lose the focus and the pointer's capture, so the whole document listens.
  const follow = (event) => {
    if (!drag.begun && Math.abs(event.clientY - drag.startY) < 4) return;
    drag.begun = true;
    drag.item.classList.add("bo-dragging");
    const others = items().filter((other) => other !== drag.item);
    const middles = others.map((other) => {
      const box = other.getBoundingClientRect();
      return box.top + box.height / 2;
    });
    const wanted = middles.filter((middle) => middle < event.clientY).length;
    if (wanted !== place(drag.item)) {
      moveTo(drag.item, wanted);
      moved(drag.item);
    }
    if (event.clientY < 60) scrollBy(0, -12);
    else if (event.clientY > innerHeight - 60) scrollBy(0, 12);
  };
  const letGo = () => end(true);
  const giveUp = () => end(false);
  const escape = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    end(false);
  };
  const whileDragging = { pointermove: follow, pointerup: letGo, pointercancel: giveUp, keydown: escape };

  const end = (keep) => {
    const { item, from, grip } = drag;
    drag = null;
    for (const [name, listener] of Object.entries(whileDragging)) document.removeEventListener(name, listener);
    item.classList.remove("bo-dragging");
    if (!keep) moveTo(item, from);
    grip.focus({ preventScroll: true });
    if (place(item) === from) put(item);
    else dropped(item);
  };

  const step = (item, by) => {
    const wanted = place(item) + by;
    if (wanted < 0 || wanted >= items().length) return false;
    moveTo(item, wanted);
    moved(item);
    dropped(item);
    return true;
  };

  list.addEventListener("keydown", (event) => {
    if (drag) return;
    const grip = event.target.closest(handle);
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!grip || !by) return;
    event.preventDefault();
    const item = items().find((one) => one.contains(grip));
    if (item && step(item, by)) grip.focus();
  });

  return { step };
}
