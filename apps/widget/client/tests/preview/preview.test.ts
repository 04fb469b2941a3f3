import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Resolved } from "../../src/api/types";
import "../../src/i18n/danish";
import "../../src/i18n/english-later";
import type { FromFrame } from "../../src/preview/protocol";
import { Stage } from "../../src/preview/stage";
import { resolved } from "../support/flow";
import { FakeServer } from "../support/server";

/** The frame's stage over a back office in memory, which answers reads as the public API does. */
class Desk {
  readonly host = document.createElement("div");
  readonly said: FromFrame[] = [];
  readonly office = new FakeServer();
  readonly asked: { method: string; path: string }[] = [];
  madeUp: string | null | undefined;
  isOpen = false;
  refuse: number | null = null;
  readonly stage: Stage;

  constructor(show: Resolved = resolved()) {
    document.body.append(this.host);
    this.stage = new Stage({
      host: this.host,
      fetch: async (input, init) => {
        const path = String(input).replace("/office", "/v1");
        this.asked.push({ method: init?.method ?? "GET", path });
        if (this.refuse !== null) return Response.json({ code: "NOT_FOUND", detail: "" }, { status: this.refuse });
        return this.office.fetch(path, init);
      },
      tell: (message) => void this.said.push(message),
      onTimes: (madeUp) => {
        this.madeUp = madeUp;
      },
      onOpen: (open) => {
        this.isOpen = open;
      },
    });
    this.stage.show(show, "/office/");
  }

  find<T extends HTMLElement>(testid: string): T | null {
    return this.host.shadowRoot?.querySelector<T>(`[data-testid="${testid}"]`) ?? null;
  }

  get text(): string {
    return this.host.shadowRoot?.textContent ?? "";
  }

  sees(text: string): Promise<void> {
    return vi.waitFor(() => expect(this.text).toContain(text));
  }

  async press(testid: string): Promise<void> {
    (await vi.waitFor(() => {
      const found = this.find(testid);
      if (!found) throw new Error(`No ${testid} in: ${this.text}`);
      return found;
    })).click();
  }

  get entered(): string[] {
    return this.said.flatMap((message) => (message.type === "step_entered" ? [message.step_type] : []));
  }
}

let desk: Desk;
beforeEach(() => {
  Element.prototype.scrollIntoView = () => undefined;
  // As manners.ts has it: the frame's dialog is not modal.
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
  vi.stubGlobal("fetch", () => Promise.reject(new Error("The preview must not ask the public API.")));
  desk = new Desk();
});
afterEach(() => {
  desk.host.remove();
  vi.unstubAllGlobals();
});

describe("the preview", () => {
  it("opens the real widget at its first step and says where it is", async () => {
    await desk.sees("Where do you need us?");
    expect(desk.isOpen).toBe(true);
    expect(desk.said[0]).toMatchObject({ type: "shown" });
    await vi.waitFor(() => expect(desk.entered).toEqual(["zipcode"]));
  });

  it("speaks the business's language", async () => {
    desk.host.remove();
    const danish = resolved();
    danish.organization.locale = "da-DK";
    desk = new Desk(danish);
    await desk.sees("Postnummer");
    await desk.stage.step("timeslot");
    await desk.sees("Få ledige");
  });

  it.each([
    ["service_selection", "What do you need?"],
    ["details", "What happens?"],
    ["timeslot", "Pick a time"],
    ["customer", "Who is it for?"],
    ["summary", "Alex Example"],
    ["done", "PREVIEW"],
    ["fallback", "Give us a call"],
  ] as const)("jumps to %s with everything before it answered", async (screen, text) => {
    await desk.stage.step(screen);
    await desk.sees(text);
    await vi.waitFor(() => expect(desk.entered.at(-1)).toBe(screen));
  });

  it("books on the summary without asking anybody to write anything", async () => {
    await desk.stage.step("summary");
    await desk.press("book");
    await desk.sees("PREVIEW");
    expect(desk.asked.every(({ method }) => method === "GET")).toBe(true);
    expect(desk.office.sent.map(({ path }) => path)).not.toContain("/holds");
  });

  it("shows the business's own times, and says nothing of made-up ones", async () => {
    await desk.stage.step("timeslot");
    await desk.sees("December 2099");
    expect(desk.madeUp).toBeNull();
  });

  it("makes times up where the place is not saved, and says why", async () => {
    desk.refuse = 404;
    await desk.stage.step("timeslot");
    await vi.waitFor(() => expect(desk.text).toContain("8:00"));
    expect(desk.madeUp).toBe("its place or service is not saved yet");
  });

  it("makes times up for a flow that says no place", async () => {
    const nowhere = resolved();
    nowhere.flow.steps = nowhere.flow.steps.filter((step) => step.step_type !== "zipcode");
    desk = new Desk(nowhere);
    await desk.stage.step("customer");
    await desk.sees("Who is it for?");
    expect(desk.madeUp).toBe("this flow does not say where it books");
    expect(desk.asked.some(({ path }) => path.includes("scheduler"))).toBe(false);
  });
});

describe("an edit", () => {
  it("of a text shows at once, on the step that the visitor is on", async () => {
    await desk.stage.step("details");
    const draft = resolved().flow;
    const step = draft.steps.find((one) => one.step_type === "details");
    if (step) step.step_config.title = "Tell us everything";
    desk.stage.document(draft);
    await desk.sees("Tell us everything");
  });

  it("that moves a step moves the visitor with it", async () => {
    await desk.stage.step("details");
    const draft = resolved().flow;
    const [zip, service, details, ...rest] = draft.steps;
    if (zip && service && details) draft.steps = [details, zip, service, ...rest];
    desk.stage.document(draft);
    await desk.sees("A few details");
    await desk.press("back").then(
      () => expect.unreachable("it is the first step now"),
      () => undefined,
    );
  });

  it("that takes the step away leaves the visitor on one that is there", async () => {
    await desk.stage.step("summary");
    const draft = resolved().flow;
    draft.steps = draft.steps.slice(0, 2);
    desk.stage.document(draft);
    await desk.sees("How can we help?");
  });

  it("of a colour changes the dress and nothing else", async () => {
    await desk.sees("Where do you need us?");
    const before = desk.find("zip-input");
    const kit = resolved().brand_kit;
    desk.stage.brand({ ...kit, colors: { ...kit.colors, primary: "#7a1fa2" } });
    const sheets = desk.host.shadowRoot?.adoptedStyleSheets ?? [];
    expect(sheets.map((sheet) => [...sheet.cssRules].map((rule) => rule.cssText).join("")).join("")).toContain("#7a1fa2");
    expect(desk.find("zip-input")).toBe(before);
  });

  it("of the widget's settings shows on the fallback screen", async () => {
    await desk.stage.step("fallback");
    const config = resolved().scheduler_config;
    desk.stage.config({ ...config, fallback_phone_number_screen: { phone_number: "+13035550199", content: { title: "Ring us" } } });
    await desk.sees("Ring us");
    await desk.sees("(303) 555-0199");
  });
});

describe("closing and beginning again", () => {
  it("closes to the page behind, and opens at the first step", async () => {
    await desk.stage.step("details");
    await desk.sees("A few details");
    await desk.press("close");
    expect(desk.isOpen).toBe(false);
    desk.stage.open();
    await desk.sees("Where do you need us?");
  });

  it("begins again with nothing entered", async () => {
    await desk.stage.step("summary");
    await desk.sees("Alex Example");
    desk.stage.restart();
    await desk.sees("Where do you need us?");
    expect(desk.find<HTMLInputElement>("zip-input")?.value).toBe("");
  });
});
