// Asks every few seconds whether the site has loaded the widget, and turns green when it has. A hidden page waits.
"use strict";

(() => {
  // The step that an address names is the one to open.
  const wanted = location.hash && document.getElementById(location.hash.slice(1));
  if (wanted instanceof HTMLDetailsElement) wanted.open = true;

  const status = document.querySelector("[data-start-live]");
  if (!status || status.classList.contains("bo-start-is-live")) return;
  const EVERY = 2500;

  const show = ({ words, when }) => {
    const holder = status.querySelector("[data-start-words]");
    const strong = document.createElement("strong");
    strong.textContent = "Your site is live. ";
    const time = new DOMParser().parseFromString(when, "text/html").body;
    holder.replaceChildren(strong, words, time.textContent);
    status.classList.add("bo-start-is-live");
  };

  const ask = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(status.dataset.url, { headers: { Accept: "application/json" } });
        const found = answer.ok ? await answer.json() : { live: false };
        if (found.live) {
          show(found);
          return;
        }
      } catch {
        // Offline for a moment: ask again.
      }
    }
    setTimeout(ask, EVERY);
  };
  setTimeout(ask, EVERY);
})();
