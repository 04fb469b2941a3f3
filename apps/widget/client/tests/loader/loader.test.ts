import { afterEach, describe, expect, it, vi } from "vitest";

/** Takes the last page's listeners away. */
let leave = (): void => undefined;

/** Loads the loader as a page would: a script element, a server that answers when told to. */
async function load(attributes: Record<string, string>, manifest: "fails" | "hangs" = "fails") {
  vi.resetModules();
  const listening = vi.spyOn(document, "addEventListener");
  const script = document.createElement("script");
  script.type = "text/plain";
  script.setAttribute("src", "https://cdn.test/static/widget/scheduler.js");
  for (const [name, value] of Object.entries(attributes)) script.setAttribute(name, value);
  Object.defineProperty(document, "currentScript", { configurable: true, value: script });
  const asked: string[] = [];
  let answerTriggers: (triggers: unknown[]) => void = () => undefined;
  vi.stubGlobal("fetch", (input: RequestInfo | URL) => {
    const url = String(input);
    asked.push(url);
    if (!url.includes("button-triggers")) {
      return manifest === "hangs" ? new Promise(() => undefined) : Promise.reject(new TypeError("Failed to fetch"));
    }
    return new Promise((resolve) => {
      answerTriggers = (triggers) => resolve(new Response(JSON.stringify({ triggers })));
    });
  });
  await import("../../src/loader/loader");
  const added = listening.mock.calls;
  leave = () => added.forEach(([type, listener]) => document.removeEventListener(type, listener));
  return { asked, answerTriggers: (triggers: unknown[]) => answerTriggers(triggers) };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));
const container = () => document.getElementById("wrkbelt-scheduler-container");

function click(selector: string): boolean {
  const event = new MouseEvent("click", { bubbles: true, cancelable: true, composed: true });
  document.querySelector(selector)?.dispatchEvent(event);
  return event.defaultPrevented;
}

afterEach(() => {
  leave();
  delete window.WrkbeltScheduler;
  document.body.innerHTML = "";
  sessionStorage.clear();
  vi.unstubAllGlobals();
});

describe("the loader", () => {
  it("asks for the manifest past every cache, and for the triggers with the key", async () => {
    const { asked } = await load({ "data-api-key": "pk_test" });
    expect(asked.some((url) => /^https:\/\/cdn\.test\/static\/widget\/version-manifest\.json\?_=\d+$/.test(url))).toBe(true);
    expect(asked).toContain("https://cdn.test/v1/booking-flow-routers/button-triggers");
  });

  it("knows the selector in the snippet before the server answers", async () => {
    document.body.innerHTML = '<a id="book" href="#there">Book</a>';
    await load({ "data-api-key": "pk_test", "data-triggers": "#book" }, "hangs");
    expect(click("#book")).toBe(true);
  });

  it("lets a link be a link when the core cannot be loaded and no number is known", async () => {
    document.body.innerHTML = '<a id="book" href="#there">Book</a>';
    const { answerTriggers } = await load({ "data-api-key": "pk_test" });
    answerTriggers([{ selector: "#book", config_id: "c" }]);
    await settled();
    expect(click("#book")).toBe(false);
  });

  it("shows the number when the core cannot be loaded", async () => {
    document.body.innerHTML = '<button id="book">Book</button>';
    const { answerTriggers } = await load({ "data-api-key": "pk_test", "data-phone": "+13035550142" });
    answerTriggers([{ selector: "#book", config_id: "c" }]);
    await settled();
    expect(click("#book")).toBe(true);
    await settled();
    expect(container()?.shadowRoot?.querySelector("a")?.getAttribute("href")).toBe("tel:+13035550142");
  });

  it.each([
    ["the snippet asks for Danish", { "data-language": "da" }, "en"],
    ["the page is in Danish", {}, "da-DK"],
  ])("says so in Danish where %s", async (_, attributes, lang) => {
    document.documentElement.lang = lang;
    document.body.innerHTML = '<button id="book">Book</button>';
    const { answerTriggers } = await load({ "data-api-key": "pk_test", "data-phone": "+4532123456", ...attributes });
    answerTriggers([{ selector: "#book", config_id: "c" }]);
    await settled();
    click("#book");
    await settled();
    expect(container()?.shadowRoot?.querySelector("dialog")?.lang).toBe("da");
    expect(container()?.shadowRoot?.querySelector("a")?.textContent).toBe("Ring +4532123456");
    document.documentElement.removeAttribute("lang");
  });

  it("remembers a click from before the triggers were known", async () => {
    document.body.innerHTML = '<button id="book">Book</button>';
    const { answerTriggers } = await load({ "data-api-key": "pk_test", "data-phone": "+13035550142" });
    click("#book");
    expect(container()).toBeNull();
    answerTriggers([{ selector: "#book", config_id: "c" }]);
    await settled();
    expect(container()?.shadowRoot?.querySelector("dialog")).not.toBeNull();
  });

  it("reuses the page's container", async () => {
    document.body.innerHTML = '<button id="book">Book</button><div id="wrkbelt-scheduler-container"></div>';
    const given = container();
    const { answerTriggers } = await load({ "data-api-key": "pk_test", "data-phone": "+13035550142" });
    answerTriggers([{ selector: "#book", config_id: "c" }]);
    await settled();
    click("#book");
    await settled();
    expect(given?.shadowRoot).not.toBeNull();
  });
});
