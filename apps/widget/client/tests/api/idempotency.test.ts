import { describe, expect, it } from "vitest";
import { IdempotencyKeys } from "../../src/api/idempotency";

const storage = (): Storage => {
  const values = new Map<string, string>();
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
    dump: () => [...values.values()].join(),
  } as unknown as Storage & { dump: () => string };
};

describe("an idempotency key", () => {
  it("stays while the same thing is wanted", () => {
    const keys = new IdempotencyKeys(storage());
    expect(keys.keyFor("book", { hold: 1 })).toBe(keys.keyFor("book", { hold: 1 }));
  });
  it("survives a reload of the tab", () => {
    const tab = storage();
    const before = new IdempotencyKeys(tab).keyFor("book", { hold: 1 });
    expect(new IdempotencyKeys(tab).keyFor("book", { hold: 1 })).toBe(before);
  });
  it("changes with what is wanted", () => {
    const keys = new IdempotencyKeys(storage());
    expect(keys.keyFor("book", { hold: 1 })).not.toBe(keys.keyFor("book", { hold: 2 }));
  });
  it("ends when the server has decided", () => {
    const keys = new IdempotencyKeys(storage());
    const first = keys.keyFor("hold", { start: 1 });
    keys.settle("hold");
    expect(keys.keyFor("hold", { start: 1 })).not.toBe(first);
  });
  it("keeps nothing of the payload", () => {
    const tab = storage();
    new IdempotencyKeys(tab).keyFor("book", { phone: "+13035550142", name: "Anna" });
    const kept = (tab as unknown as { dump: () => string }).dump();
    expect(kept).not.toContain("Anna");
    expect(kept).not.toContain("3035550142");
  });
});
