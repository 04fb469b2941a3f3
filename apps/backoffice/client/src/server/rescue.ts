import type { Doc } from "../model/types";

/** What a tab keeps of unsaved work, for after a crash, a reload, or a session that ended. */
export interface Rescued {
  /** The version that the work began with. */
  version: number;
  doc: Doc;
  /** Milliseconds since 1970. */
  at: number;
}

const FORMAT = 1;

export class Rescue {
  private readonly key: string;

  constructor(
    stepId: string,
    private readonly storage: Storage = sessionStorage,
  ) {
    this.key = `graph-editor:${stepId}`;
  }

  keep(version: number, doc: Doc, at: number = Date.now()): void {
    try {
      this.storage.setItem(this.key, JSON.stringify({ format: FORMAT, version, doc, at }));
    } catch {
      // The tab's storage is full or switched off: saving works, only this net is missing.
    }
  }

  find(): Rescued | null {
    try {
      const kept = JSON.parse(this.storage.getItem(this.key) ?? "null") as (Rescued & { format: number }) | null;
      return kept?.format === FORMAT && Array.isArray(kept.doc.nodes) ? kept : null;
    } catch {
      return null;
    }
  }

  forget(): void {
    try {
      this.storage.removeItem(this.key);
    } catch {
      // As above.
    }
  }
}
