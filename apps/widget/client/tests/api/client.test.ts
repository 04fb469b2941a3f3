import { describe, expect, it } from "vitest";
import { refreshHold } from "../../src/api/bookings";
import { ApiClient } from "../../src/api/client";
import { Connection } from "../../src/api/connection";
import { FakeServer } from "../support/server";

function client(server: FakeServer) {
  const connection = new Connection();
  const pauses: number[] = [];
  const sleep = (ms: number): Promise<void> => (pauses.push(ms), Promise.resolve());
  const api = new ApiClient({ base: "https://api.test", apiKey: "pk_test", connection, fetch: server.fetch, sleep });
  return { api, connection, pauses };
}
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const PROOF = { token: "t", key: "k" };

describe("a request without a network", () => {
  it("waits, says so, and goes again with the same key on retry", async () => {
    const server = new FakeServer();
    let down = true;
    server.answer(() => (down ? "no network" : undefined));
    const { api, connection } = client(server);
    const seen: boolean[] = [];
    connection.subscribe((offline) => seen.push(offline));
    const booked = refreshHold(api, "b1", PROOF);
    await settled();
    expect(connection.offline).toBe(true);
    down = false;
    connection.retry();
    expect((await booked).id).toBe("b1");
    expect(new Set(server.sent.map((sent) => sent.key))).toEqual(new Set(["k"]));
    expect(seen).toEqual([true, false]);
  });

  it("goes again by itself when the browser is online", async () => {
    const server = new FakeServer();
    let down = true;
    server.answer(() => (down ? "no network" : undefined));
    const { api } = client(server);
    const booked = refreshHold(api, "b1", PROOF);
    await settled();
    down = false;
    window.dispatchEvent(new Event("online"));
    await expect(booked).resolves.toMatchObject({ status: "active" });
  });

  it("is tried with growing pauses first", async () => {
    const server = new FakeServer();
    server.answer(() => "no network");
    const { api, pauses } = client(server);
    await expect(api.resolve("https://shop.test/", null)).rejects.toMatchObject({ name: "NetworkError" });
    expect(pauses).toEqual([300, 900, 2700]);
  });
});

describe("a refusal", () => {
  it("is final, with its code", async () => {
    const server = new FakeServer();
    server.refuse("/holds/b1/refresh", 410, "HOLD_EXPIRED");
    await expect(refreshHold(client(server).api, "b1", PROOF)).rejects.toMatchObject({ code: "HOLD_EXPIRED", status: 410 });
    expect(server.sent).toHaveLength(1);
  });

  it("that says 'in progress' is asked again with the same key", async () => {
    const server = new FakeServer();
    server.refuse("/holds/b1/refresh", 409, "IDEMPOTENCY_IN_PROGRESS", {}, 2);
    await expect(refreshHold(client(server).api, "b1", PROOF)).resolves.toMatchObject({ status: "active" });
    expect(server.sent.map((sent) => sent.key)).toEqual(["k", "k", "k"]);
  });

  it("for coming too fast is repeated after the short wait that the server asks for", async () => {
    const server = new FakeServer();
    server.refuse("/holds/b1/refresh", 429, "RATE_LIMITED", { retry_after: 3 }, 1);
    const { api, pauses } = client(server);
    await expect(refreshHold(api, "b1", PROOF)).resolves.toMatchObject({ status: "active" });
    expect(pauses).toEqual([3000]);
  });

  it("for coming far too fast is told at once, with the server's words", async () => {
    const server = new FakeServer();
    server.refuse("/holds/b1/refresh", 429, "RATE_LIMITED", { retry_after: 42 });
    await expect(refreshHold(client(server).api, "b1", PROOF)).rejects.toMatchObject({ code: "RATE_LIMITED" });
    expect(server.sent).toHaveLength(1);
  });
});
