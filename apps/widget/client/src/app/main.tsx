import { render } from "preact";
import type { BrandKit } from "../api/types";
import { readDraft } from "../session/draft";
import styles from "../theme/styles.css";
import { themeCss } from "../theme/theme";
import { App } from "./App";
import { makeServices } from "./services";

export interface MountOptions {
  root: ShadowRoot;
  apiKey: string;
  apiBase: string;
  phone: string | null;
  /** The configurations that this page's triggers open; null is the page's default. */
  configIds: Promise<(string | null)[]>;
}

export interface Widget {
  open: (options: { configId: string | null; trigger: Element | null }) => void;
  close: () => void;
}

/** Dresses the shadow root, asks for the page's configuration ahead of the click, and opens on demand. */
export function mount({ root, apiKey, apiBase, phone, configIds }: MountOptions): Widget {
  const base = new CSSStyleSheet();
  const theme = new CSSStyleSheet();
  base.replaceSync(styles);
  theme.replaceSync(themeCss(null));
  root.adoptedStyleSheets = [base, theme];
  const portal = document.createElement("div");
  root.append(portal);
  const add = (css: string): void => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  };
  const services = makeServices({ apiKey, apiBase, phone, dress: add });
  const dress = (kit: BrandKit | null): void => theme.replaceSync(themeCss(kit));
  let opened = false;

  const close = (): void => {
    render(null, portal);
    opened = false;
  };
  const open: Widget["open"] = ({ configId, trigger }) => {
    if (opened) return;
    opened = true;
    const origin = trigger ?? document.activeElement;
    const onClosed = (): void => {
      close();
      // Back to where the reader was.
      if (origin instanceof HTMLElement) origin.focus();
    };
    render(<App services={services} configId={configId} onBrand={dress} onClosed={onClosed} />, portal);
  };

  void configIds.then((ids) => {
    const [first] = ids;
    if (first !== undefined) services.resolve(first).then(({ brand_kit: kit }) => dress(kit), () => undefined);
    const left = isReload() && ids.find((id) => readDraft(services.storage, id ?? "default")?.openOn === location.pathname);
    if (left !== false && left !== undefined) open({ configId: left, trigger: null });
  });
  return { open, close };
}

function isReload(): boolean {
  const entry = performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming | undefined;
  return entry?.type === "reload";
}
