import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Server } from "../src/server/api";
import { iconsOf } from "../src/server/icons";
import { Rescue } from "../src/server/rescue";
import { catalogueOf, draw } from "./support";

/** The server's side of the wire; apps/backoffice has its own tests. */
function answers(...list: { status: number; body: unknown }[]) {
  const sent = vi.fn(async (_url: string, _init?: RequestInit) => {
    const { status, body } = list.shift() ?? { status: 500, body: "" };
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
  });
  vi.stubGlobal("fetch", sent);
  return sent;
}

afterEach(() => vi.unstubAllGlobals());

const GRAPH = {
  step: { id: "step", title: "Help", description: "" },
  flow: { id: "flow", title: "Visit" },
  version: 7,
  graph: { nodes: draw("q1>a1").nodes.map((one) => ({ ...one, x: null, y: null })), edges: draw("q1>a1").edges },
  questions: [],
  services: [],
  categories: [],
  csrf_token: "token",
};

describe("opening", () => {
  it("tidies a graph that was never drawn", async () => {
    answers({ status: 200, body: GRAPH });
    const opened = await new Server("/data/").open();
    expect(opened.version).toBe(7);
    expect(opened.doc.nodes[1]?.x).toBeGreaterThan(opened.doc.nodes[0]?.x ?? 0);
  });

  it("raises what the server says instead", async () => {
    answers({ status: 404, body: { code: "NOT_FOUND", detail: "There is nothing here." } });
    await expect(new Server("/data/").open()).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("saving", () => {
  const doc = draw("q1>a1");

  it("sends the whole graph, the version that it builds on, and the token", async () => {
    const sent = answers({ status: 200, body: GRAPH }, { status: 200, body: { version: 8 } });
    const server = new Server("/data/");
    await server.open();
    expect(await server.save(doc, 7, catalogueOf(doc))).toEqual({ ok: true, version: 8 });
    const init = sent.mock.calls[1]?.[1];
    expect(init?.headers).toMatchObject({ "X-CSRFToken": "token" });
    expect(JSON.parse(String(init?.body))).toMatchObject({ expected_version: 7, graph: { nodes: [{ id: "q1" }, { id: "a1" }], new_questions: [], new_answers: [] } });
  });

  it("hands back refusals with their code and place", async () => {
    answers({ status: 409, body: { code: "STALE_VERSION", detail: "Somebody else." } }, { status: 400, body: { code: "VALIDATION_ERROR", detail: "Look.", errors: { "graph.nodes.0.x": ["too far"] } } });
    const server = new Server("/data/");
    expect(await server.save(doc, 7, catalogueOf(doc))).toMatchObject({ ok: false, refusal: { code: "STALE_VERSION" } });
    expect(await server.save(doc, 7, catalogueOf(doc))).toMatchObject({ refusal: { detail: "Look. (graph.nodes.0.x: too far)" } });
  });

  it("tries once more with the token of whoever has signed in again", async () => {
    const sent = answers({ status: 403, body: { code: "NOT_PERMITTED" } }, { status: 200, body: { ...GRAPH, csrf_token: "fresh" } }, { status: 200, body: { version: 8 } });
    expect(await new Server("/data/").save(doc, 7, catalogueOf(doc))).toEqual({ ok: true, version: 8 });
    expect(sent.mock.calls[2]?.[1]?.headers).toMatchObject({ "X-CSRFToken": "fresh" });
  });

  it("says so where somebody may really not", async () => {
    answers({ status: 403, body: { code: "NOT_PERMITTED", detail: "You may not do this." } }, { status: 200, body: GRAPH }, { status: 403, body: { code: "NOT_PERMITTED", detail: "You may not do this." } });
    expect(await new Server("/data/").save(doc, 7, catalogueOf(doc))).toMatchObject({ ok: false, refusal: { code: "NOT_PERMITTED" } });
  });

  it("loses nothing where no server, or no JSON, comes back", async () => {
    answers({ status: 502, body: "<html>" });
    expect(await new Server("/data/").save(doc, 7, catalogueOf(doc))).toMatchObject({ ok: false, refusal: { code: "HTTP_502" } });
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("offline")));
    expect(await new Server("/data/").save(doc, 7, catalogueOf(doc))).toMatchObject({ ok: false, refusal: { code: "UNREACHABLE" } });
  });
});

describe("the net for unsaved work", () => {
  beforeEach(() => sessionStorage.clear());

  it("gives back what it was given, for its own step only", () => {
    new Rescue("one").keep(7, draw("q1"), 1000);
    expect(new Rescue("one").find()).toMatchObject({ version: 7, at: 1000, doc: { nodes: [{ id: "q1" }] } });
    expect(new Rescue("other").find()).toBeNull();
    new Rescue("one").forget();
    expect(new Rescue("one").find()).toBeNull();
  });

  it("ignores what it cannot read, and a storage that refuses", () => {
    sessionStorage.setItem("graph-editor:one", "{");
    expect(new Rescue("one").find()).toBeNull();
    const full = { setItem: () => { throw new Error("full"); } } as unknown as Storage;
    expect(() => new Rescue("one", full).keep(1, draw("q1"))).not.toThrow();
  });
});

it("finds icons by what people call them", () => {
  expect(iconsOf({ icons: { flame: "M1 1" }, meanings: { gas: ["flame"], heating: ["flame"] } })).toEqual({ paths: { flame: "M1 1" }, words: { flame: " gas heating" } });
});
