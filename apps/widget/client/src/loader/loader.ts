import type { MountOptions, Widget } from "../app/main";
import type { Trigger } from "../api/types";
import { isPlainClick, matchTrigger, type Match } from "./triggers";

/*
 * The script that a business puts into its pages. It must stay tiny and must never break them: it finds the current
 * build, fetches it aside, and listens for clicks on the triggers. Everything else is in the core.
 */

interface Manifest {
  build_time: string;
  core: string;
  /** What the core imports, fetched beside it instead of after it. */
  preload?: string[];
}

/** By an element, or by the page's own code. */
type Opened = Match | { element: null; configId: string | null };

interface Core {
  mount: (options: MountOptions) => Widget;
}

declare global {
  interface Window {
    WrkbeltScheduler?: { open: (options?: { configId?: string; language?: string }) => void };
  }
}

const script = document.currentScript as HTMLScriptElement | null;
if (script && !window.WrkbeltScheduler) start(script);

function start(script: HTMLScriptElement): void {
  const { apiKey = "", apiBase, configId = null, phone = null, language = null, triggers: own } = script.dataset;
  const source = new URL(script.src);
  const base = (apiBase ?? source.origin).replace(/\/$/, "");
  // Known before any answer: what the snippet itself names, and what this tab's earlier pages were told.
  const memory = `wrkbelt:triggers:${apiKey}`;
  const named: Trigger[] = own ? [{ selector: own, config_id: configId }] : [];
  let triggers: Trigger[] = [...named, ...recall(memory)];
  let loading: Promise<Widget> | null = null;
  let failed = false;
  // The last click from before the triggers were known: if it was meant for us, it is answered late, not never.
  let early: EventTarget | null = null;
  let known = false;

  const asked: Promise<void> = fetch(`${base}/v1/booking-flow-routers/button-triggers`, {
    headers: { "X-Api-Key": apiKey },
    credentials: "omit",
  })
    .then((response) => response.json())
    .then((answer: { triggers?: Trigger[] }) => {
      triggers = [...named, ...(answer.triggers ?? [])];
      remember(memory, answer.triggers ?? []);
    })
    .catch(() => undefined)
    .then(() => {
      known = true;
      const match = early instanceof Element && early.isConnected ? matchTrigger(early, triggers) : null;
      if (match) open(match);
    });

  const load = (): Promise<Widget> => {
    loading ??= findCore(source, !!apiBase).then((core) => {
      failed = false;
      const configIds = asked.then(() => [...new Set([...triggers.map((trigger) => trigger.config_id), configId])]);
      return core.mount({ root: root(), apiKey, apiBase: base, phone, language, configIds });
    });
    loading.catch(() => {
      failed = true;
      loading = null;
    });
    return loading;
  };

  const open = ({ element, configId: wanted }: Opened, spoken: string | null = null): void => {
    load().then(
      (widget) => widget.open({ configId: wanted ?? configId, trigger: element, language: spoken }),
      () => {
        const link = element?.closest("a")?.href;
        if (phone) showPhone(phone, spoken ?? language);
        else if (link) location.href = link;
      },
    );
  };

  document.addEventListener("click", (event) => {
    if (!isPlainClick(event)) return;
    const target = event.composedPath()[0] ?? event.target;
    const match: Match | null = matchTrigger(target, triggers);
    if (!match && !known) early = target;
    // Without the core and without a number, the page's own link is the best answer there is.
    if (!match || (failed && !phone)) return;
    event.preventDefault();
    open(match);
  });
  window.addEventListener("online", () => failed && load());
  window.WrkbeltScheduler = { open: (options = {}) => open({ element: null, configId: options.configId ?? null }, options.language) };
  void load();
}

/** Beside this script on a CDN; under /static/widget/ where the application serves the script at its root. */
async function findCore(source: URL, beside: boolean): Promise<Core> {
  const here = new URL(".", source);
  const folder = source.pathname === "/scheduler.js" && !beside ? new URL("/static/widget/", source) : here;
  const url = new URL(`version-manifest.json?_=${Date.now()}`, folder);
  const manifest = (await (await fetch(url, { credentials: "omit" })).json()) as Manifest;
  for (const path of manifest.preload ?? []) {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.href = new URL(path, folder).href;
    document.head.append(link);
  }
  return (await import(`${new URL(manifest.core, folder).href}?v=${encodeURIComponent(manifest.build_time)}`)) as Core;
}

function recall(name: string): Trigger[] {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? "[]") as Trigger[];
  } catch {
    return [];
  }
}

function remember(name: string, triggers: Trigger[]): void {
  try {
    sessionStorage.setItem(name, JSON.stringify(triggers));
  } catch {
    // A browser without storage asks again on every page.
  }
}

function root(): ShadowRoot {
  const id = "wrkbelt-scheduler-container";
  let host = document.getElementById(id);
  if (!host) {
    host = document.createElement("div");
    host.id = id;
    document.body.append(host);
  }
  return host.shadowRoot ?? host.attachShadow({ mode: "open" });
}

function showPhone(phone: string, asked: string | null): void {
  const danish = /^da\b/i.test(asked ?? (document.documentElement.lang || navigator.language));
  const dialog = document.createElement("dialog");
  const link = document.createElement("a");
  const button = document.createElement("button");
  dialog.lang = danish ? "da" : "en";
  link.href = `tel:${phone}`;
  link.textContent = `${danish ? "Ring" : "Call"} ${phone}`;
  button.textContent = danish ? "Luk" : "Close";
  button.onclick = () => dialog.remove();
  dialog.append(danish ? "Du kan ikke booke online lige nu. " : "Online booking is not available right now. ", link, " ", button);
  root().append(dialog);
  dialog.showModal();
}
