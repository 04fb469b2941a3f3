import { describe, expect, it } from "vitest";
import { CHANNEL, messageOf } from "../../src/preview/protocol";

const ORIGIN = "https://scheduler.example";
const page = {} as Window;

function event(data: unknown, origin = ORIGIN, source: Window = page): MessageEvent<unknown> {
  return { data, origin, source } as unknown as MessageEvent<unknown>;
}

describe("a message to the preview", () => {
  it("is taken from the page around it", () => {
    const message = { channel: CHANNEL, type: "restart" };
    expect(messageOf(event(message), page, ORIGIN)).toBe(message);
  });
  it.each([
    ["another origin", event({ channel: CHANNEL, type: "restart" }, "https://evil.example")],
    ["another window", event({ channel: CHANNEL, type: "restart" }, ORIGIN, {} as Window)],
    ["another channel", event({ type: "restart" })],
    ["a type that nobody knows", event({ channel: CHANNEL, type: "book" })],
    ["nothing at all", event(null)],
    ["a text", event("restart")],
  ])("is not taken from %s", (_, strange) => expect(messageOf(strange, page, ORIGIN)).toBeNull());
});
