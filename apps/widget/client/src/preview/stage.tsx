import { render } from "preact";
import { Connection } from "../api/connection";
import { ApiError } from "../api/errors";
import type { BrandKit, Resolved, SchedulerConfig } from "../api/types";
import { askingSteps } from "../app/flow";
import type { Services } from "../app/services";
import { dropDraft, readDraft, writeDraft, type Draft } from "../session/draft";
import styles from "../theme/styles.css";
import { themeCss } from "../theme/theme";
import { PreviewApi } from "./api";
import type { FlowDocument, FromFrame, Screen } from "./protocol";
import { PreviewServer } from "./server";
import { Shown } from "./Shown";
import { arrival, visitorAt, type Visit } from "./visitor";

/** The drafts of one preview are all the same version: what was entered outlives an edit of the flow. */
const VERSION = "preview";
/** The sheet lies in its box, not in the window. */
const IN_ITS_BOX = ".frame{height:100%}@media (min-width:560px){.frame{height:min(720px,calc(100% - 48px))}}";
/** Without length, not without animation: an animation that comes back begins again. */
const STILL = ".frame,.frame *{animation-duration:0s!important}";
const STILL_MS = 400;

export interface StageOptions {
  host: HTMLElement;
  fetch: typeof fetch;
  tell: (message: FromFrame) => void;
  onTimes: (madeUp: string | null) => void;
  /** The visitor has opened the widget, or closed it. */
  onOpen: (open: boolean) => void;
}

/** Holds the widget of one page: what it shows, in which dress, and where its visitor stands. */
export class Stage {
  private readonly portal = document.createElement("div");
  private readonly theme = new CSSStyleSheet();
  private readonly stillness = new CSSStyleSheet();
  private readonly root: ShadowRoot;
  private readonly storage = this.tabOfItsOwn();
  private resolved: Resolved | null = null;
  private services: Services | null = null;
  private server: PreviewServer | null = null;
  private fallback = false;
  private entered = "";
  private turn = 0;

  constructor(private readonly options: StageOptions) {
    this.root = options.host.attachShadow({ mode: "open" });
    this.root.adoptedStyleSheets = [sheet(styles), this.theme, this.stillness];
    this.dress(IN_ITS_BOX);
    this.root.append(this.portal);
  }

  /** Shows a business's flow from its first step on, or from where its visitor was, if it is the same flow. */
  show(resolved: Resolved, reads: string): void {
    const before = this.resolved?.flow.id === resolved.flow.id ? this.stepIds() : null;
    this.resolved = { ...resolved, flow: { ...resolved.flow, version_id: VERSION } };
    this.server = new PreviewServer({ resolved: () => this.now(), reads, fetch: this.options.fetch, onTimes: this.options.onTimes });
    this.services = this.makeServices(this.server);
    this.theme.replaceSync(themeCss(resolved.brand_kit));
    if (before) this.stay(before);
    else this.restart();
    this.tellSteps();
  }

  document(document: FlowDocument): void {
    const resolved = this.now();
    const before = this.stepIds();
    this.resolved = { ...resolved, flow: { ...document, version_id: VERSION, version: resolved.flow.version } };
    this.stay(before);
    this.tellSteps();
  }

  brand(kit: BrandKit): void {
    const before = this.now().brand_kit;
    this.resolved = { ...this.now(), brand_kit: kit };
    this.theme.replaceSync(themeCss(kit));
    // Colours and corners are variables; only another logo is another element.
    if (before.logo_url !== kit.logo_url) this.stay();
  }

  config(config: SchedulerConfig): void {
    this.resolved = { ...this.now(), scheduler_config: config };
    this.stay();
  }

  restart(): void {
    this.turn += 1;
    this.fallback = false;
    this.place(arrival(this.now()));
  }

  async step(screen: Screen): Promise<void> {
    const turn = (this.turn += 1);
    this.fallback = screen === "fallback";
    if (this.fallback) {
      this.place(arrival(this.now()));
      this.tellEntered(null, "fallback");
      return;
    }
    if (!this.server) return;
    const visit = await visitorAt(screen, this.now(), this.server);
    if (turn === this.turn) this.place(visit);
  }

  open(): void {
    this.render();
  }

  private stepIds(): string[] {
    return askingSteps(this.now().flow).map((step) => step.id);
  }

  private now(): Resolved {
    if (!this.resolved) throw new Error("Nothing is shown yet.");
    return this.resolved;
  }

  private place(visit: Visit): void {
    this.entered = "";
    render(null, this.portal);
    writeDraft(this.storage, "default", { flowVersionId: VERSION, session: null, ...visit, openOn: null });
    this.render();
  }

  /** Renders anew around the same visitor. `before` is the order that the steps had. */
  private stay(before: readonly string[] = []): void {
    const draft = readDraft(this.storage, "default");
    const isOpen = this.portal.hasChildNodes();
    if (draft) writeDraft(this.storage, "default", this.moved(draft, before));
    if (!isOpen) return;
    this.stillness.replaceSync(STILL);
    setTimeout(() => this.stillness.replaceSync(""), STILL_MS);
    const scrolled = this.portal.querySelector(".body")?.scrollTop ?? 0;
    render(null, this.portal);
    this.render();
    this.portal.querySelector(".body")?.scrollTo(0, scrolled);
  }

  /** The step that the visitor was on may stand elsewhere now, or be gone. */
  private moved(draft: Draft, before: readonly string[]): Draft {
    const steps = askingSteps(this.now().flow);
    const id = before[draft.navigation.index];
    const found = id ? steps.findIndex((step) => step.id === id) : draft.navigation.index;
    const index = Math.max(0, Math.min(found < 0 ? draft.navigation.index : found, steps.length - 1));
    return { ...draft, navigation: { ...draft.navigation, index } };
  }

  private render(): void {
    const { services } = this;
    if (!services) return;
    const onClosed = (): void => {
      render(null, this.portal);
      dropDraft(this.storage, "default");
      if (!this.fallback) writeDraft(this.storage, "default", { flowVersionId: VERSION, session: null, ...arrival(this.now()), openOn: null });
      this.options.onOpen(false);
    };
    this.options.onOpen(true);
    render(<Shown services={services} resolved={this.now()} fallback={this.fallback} onClosed={onClosed} />, this.portal);
  }

  private makeServices(server: PreviewServer): Services {
    const connection = new Connection();
    const api = new PreviewApi({ base: "", apiKey: VERSION, connection, fetch: server.fetch });
    const resolve = (): Promise<Resolved> => Promise.reject(new ApiError(this.nothingToOpen()));
    const dress = (css: string): void => this.dress(css);
    return { api, connection, storage: this.storage, phone: null, resolve, dress };
  }

  private nothingToOpen() {
    const screen = this.now().scheduler_config.fallback_phone_number_screen;
    return { status: 404, code: "NO_FLOW", detail: "", fallback_phone_number_screen: screen };
  }

  private dress(css: string): void {
    this.root.adoptedStyleSheets = [...this.root.adoptedStyleSheets, sheet(css)];
  }

  /** What the widget keeps in the tab; each write says where its visitor stands. */
  private tabOfItsOwn(): Services["storage"] {
    const values = new Map<string, string>();
    return {
      getItem: (key) => values.get(key) ?? null,
      removeItem: (key) => void values.delete(key),
      setItem: (key, value) => {
        values.set(key, value);
        const draft = readDraft({ getItem: (name) => values.get(name) ?? null, setItem: () => undefined, removeItem: () => undefined }, "default");
        if (draft && this.portal.hasChildNodes() && !this.fallback) this.noteWhere(draft);
      },
    };
  }

  private noteWhere(draft: Draft): void {
    const step = askingSteps(this.now().flow)[draft.navigation.index];
    if (draft.booking.confirmed) this.tellEntered(null, "done");
    else if (step) this.tellEntered(step.id, step.step_type);
  }

  private tellEntered(stepId: string | null, screen: Screen): void {
    if (this.entered === `${screen}/${stepId}`) return;
    this.entered = `${screen}/${stepId}`;
    this.options.tell({ type: "step_entered", step_id: stepId, step_type: screen });
  }

  private tellSteps(): void {
    const steps = askingSteps(this.now().flow).map((step) => ({ id: step.id, step_type: step.step_type, title: step.step_config.title }));
    this.options.tell({ type: "shown", steps });
  }
}

function sheet(css: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}
