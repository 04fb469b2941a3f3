import { uuid } from "./ids";

interface Kept {
  key: string;
  payload: string;
}

/**
 * One key for one intent. The key stays the same while the same thing is wanted with the same payload, over double
 * taps, retries and a reload of the tab; it ends when the server has decided. Only a fingerprint of the payload is
 * kept, never the payload itself.
 */
export class IdempotencyKeys {
  constructor(private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem">) {}

  keyFor(intent: string, payload: unknown): string {
    const mark = fingerprint(JSON.stringify(payload));
    const kept = this.read(intent);
    if (kept?.payload === mark) return kept.key;
    const key = uuid();
    this.storage.setItem(this.name(intent), JSON.stringify({ key, payload: mark } satisfies Kept));
    return key;
  }

  /** The server has decided about this intent: the next one is another. */
  settle(intent: string): void {
    this.storage.removeItem(this.name(intent));
  }

  private name(intent: string): string {
    return `wrkbelt:key:${intent}`;
  }

  private read(intent: string): Kept | null {
    try {
      return JSON.parse(this.storage.getItem(this.name(intent)) ?? "null") as Kept | null;
    } catch {
      return null;
    }
  }
}

/** A short mark of a text: enough to see that it changed, useless to read it back. Not a cryptographic digest. */
function fingerprint(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x1505;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    b = (Math.imul(b, 33) + code) | 0;
  }
  return `${(a >>> 0).toString(36)}-${(b >>> 0).toString(36)}-${text.length}`;
}
