import { render } from "preact";
import { vi } from "vitest";
import { App } from "../../src/app/App";
import { makeServices } from "../../src/app/services";
import { readDraft, writeDraft } from "../../src/session/draft";
import type { BookingState } from "../../src/app/bookingReducer";
import { EMPTY_BOOKING } from "../../src/app/bookingReducer";
import { START } from "../../src/app/navigationReducer";
import type { Language } from "../../src/i18n/languages";
import type { FakeServer } from "./server";

/** The whole application in a page, against a fake server. */
export class Widget {
  readonly portal = document.createElement("div");
  closed = false;

  constructor(
    readonly server: FakeServer,
    readonly language: Language | null = "en",
  ) {
    vi.stubGlobal("fetch", server.fetch);
    navigator.sendBeacon = (url, body) => {
      void server.fetch(url, { method: "POST", body: body ?? null }).catch(() => undefined);
      return true;
    };
    Element.prototype.scrollIntoView = () => undefined;
    document.body.append(this.portal);
  }

  /** Opens at a step, with what a person would have entered until then. */
  async open(at: { index: number; booking: Partial<BookingState> } | null = null): Promise<this> {
    if (at) {
      const booking = { ...EMPTY_BOOKING, ...at.booking };
      writeDraft(sessionStorage, "default", {
        flowVersionId: "version-3", session: null, booking, navigation: { ...START, index: at.index }, openOn: "/",
      });
    }
    const services = makeServices({ apiKey: "pk", apiBase: "https://api.test", phone: null, dress: () => undefined });
    const onClosed = (): void => {
      this.closed = true;
      render(null, this.portal);
    };
    render(<App services={services} configId={null} language={this.language} onBrand={() => undefined} onClosed={onClosed} />, this.portal);
    await this.until(() => this.portal.querySelector("h2.title"));
    return this;
  }

  get draft() {
    return readDraft(sessionStorage, "default");
  }

  find<T extends HTMLElement>(testid: string): T | null {
    return this.portal.querySelector<T>(`[data-testid="${testid}"]`);
  }

  async get<T extends HTMLElement>(testid: string): Promise<T> {
    return this.until(() => this.find<T>(testid));
  }

  async press(testid: string): Promise<void> {
    (await this.get(testid)).click();
    await tick();
  }

  async type(testid: string, value: string): Promise<void> {
    const input = await this.get<HTMLInputElement>(testid);
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await tick();
  }

  async leaveField(testid: string): Promise<void> {
    (await this.get(testid)).dispatchEvent(new FocusEvent("blur"));
    await tick();
  }

  text(): string {
    return this.portal.textContent ?? "";
  }

  async sees(text: string | RegExp): Promise<void> {
    await this.until(() => (typeof text === "string" ? this.text().includes(text) : text.test(this.text())));
  }

  async until<T>(look: () => T | null | undefined | false): Promise<T> {
    return vi.waitFor(() => {
      const found = look();
      if (!found) throw new Error(`Not there yet. On the screen: ${this.text()}`);
      return found;
    }, { timeout: 3000, interval: 5 });
  }

  remove(): void {
    render(null, this.portal);
    this.portal.remove();
    sessionStorage.clear();
    vi.unstubAllGlobals();
    // What a closed widget still sends must not reach for a network.
    vi.stubGlobal("fetch", () => new Promise(() => undefined));
  }
}

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
