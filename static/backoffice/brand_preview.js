// Paints the widget's preview with the colours as they stand in the form.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const widget = document.querySelector("[data-bo-widget]");
  if (!widget) return;

  const paint = () => {
    const colors = {};
    for (const input of document.querySelectorAll("[data-bo-color]")) {
      colors[input.dataset.boColor] = input.value;
    }
    for (const kind of ["fill", "stroke"]) {
      for (const shape of widget.querySelectorAll(`[data-${kind}]`)) {
        shape.setAttribute(kind, colors[shape.dataset[kind]]);
      }
    }
    for (const text of widget.querySelectorAll("[data-on]")) {
      text.setAttribute("fill", readableOn(colors[text.dataset.on]));
    }
    const radius = document.getElementById("id_radius_px")?.value || "12";
    for (const box of widget.querySelectorAll("[data-round]")) box.setAttribute("rx", Math.min(Number(radius), 24));
    const family = document.getElementById("id_font_family")?.value;
    if (family) widget.setAttribute("font-family", family);
  };
  document.addEventListener("input", paint);
  paint();
});

// Black or white, whichever contrasts more, as the widget itself decides.
function readableOn(color) {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => parseInt(color.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return luminance > 0.179 ? "#000000" : "#ffffff";
}
