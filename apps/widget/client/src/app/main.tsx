import { render } from "preact";
import type { BrandKit } from "../api/types";
import { speak } from "../i18n";
import { FIRST } from "../i18n/first";
import { pageLanguage, type Language } from "../i18n/languages";
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
  /** The language that the page asks for, as a tag such as "da"; null leaves it to be found. */
  language: string | null;
  /** The configurations that this page's triggers open; null is the page's default. */
  configIds: Promise<(string | null)[]>;
}

export interface Widget {
  open: (options: { configId: string | null; trigger: Element | null; language?: string | null }) => void;
  close: () => void;
}

/** Dresses the shadow root, asks for the page's configuration ahead of the click, and opens on demand. */
export function mount({ root, apiKey, apiBase, phone, language, configIds }: MountOptions): Widget {
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
  const open: Widget["open"] = ({ configId, trigger, language: wanted }) => {
    if (opened) return;
    opened = true;
    const origin = trigger ?? document.activeElement;
    const onClosed = (): void => {
      close();
      // Back to where the reader was.
      if (origin instanceof HTMLElement) origin.focus();
    };
    const show = (spoken: Language | null): void =>
      render(<App services={services} configId={configId} language={spoken} onBrand={dress} onClosed={onClosed} />, portal);
    const known = pageLanguage(wanted ?? language);
    if (known) void speak(known, FIRST).then(show);
    else show(null);
  };
  // Ahead of the click, as the configuration is.
  void speak(pageLanguage(language) ?? "en", FIRST);

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
