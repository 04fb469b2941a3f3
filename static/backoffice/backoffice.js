// Copy buttons, and rows to add to and to take away from. Everything works without it but these comforts.
"use strict";

document.addEventListener("click", (event) => {
  const copy = event.target.closest("[data-bo-copy]");
  if (copy) {
    const source = document.getElementById(copy.dataset.boCopy);
    const before = copy.textContent;
    navigator.clipboard.writeText(source.textContent).then(
      () => {
        copy.textContent = "Copied";
        setTimeout(() => {
          copy.textContent = before;
        }, 2000);
      },
      () => {
        // No permission, or no HTTPS: select it, so that the keyboard can copy it.
        const range = document.createRange();
        range.selectNodeContents(source);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
      },
    );
    return;
  }
  const add = event.target.closest("[data-bo-rows-add]");
  if (add) addRow(add.closest("[data-bo-rows]"));
});

document.addEventListener("change", (event) => {
  const remove = event.target.closest("[data-bo-row-remove]");
  if (remove) remove.closest("[data-bo-row]").classList.toggle("bo-removed", remove.checked);
});

function addRow(rows) {
  const count = rows.querySelector("[data-bo-rows-count]");
  const index = Number(count.value);
  const row = rows.querySelector("template").content.firstElementChild.cloneNode(true);
  for (const element of row.querySelectorAll("*")) {
    for (const name of ["name", "id", "for"]) {
      const value = element.getAttribute(name);
      if (value) element.setAttribute(name, value.replaceAll("__row__", String(index)));
    }
  }
  count.value = String(index + 1);
  rows.querySelector("[data-bo-rows-list]").append(row);
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

// Show a photo before it is saved.
document.addEventListener("change", (event) => {
  const box = event.target.closest("[data-bo-photo]");
  if (!box || event.target.type !== "file") return;
  const [file] = event.target.files;
  const image = box.querySelector("[data-bo-photo-now]");
  if (!file || !file.type.startsWith("image/")) return;
  if (image.src.startsWith("blob:")) URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(file);
  image.hidden = false;
});
