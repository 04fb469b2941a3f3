/**
 * Who gets which flow, where a business tries out several: a number of four digits. So few numbers name nobody, and it is
 * kept only once an answer has really depended on it.
 */
export class Visitor {
  readonly number: string;

  constructor(private readonly tab: Pick<Storage, "getItem" | "setItem">) {
    this.number = read(() => window.localStorage) ?? read(() => tab) ?? draw();
  }

  /** From now on the same, on every page of this site; where the browser keeps nothing, in this tab. */
  keep(): void {
    try {
      window.localStorage.setItem(NAME, this.number);
    } catch {
      this.tab.setItem(NAME, this.number);
    }
  }
}

const NAME = "wrkbelt:visitor";
const NUMBERS = 10_000;

function read(store: () => Pick<Storage, "getItem">): string | null {
  try {
    const kept = store().getItem(NAME) ?? "";
    return /^\d{1,4}$/.test(kept) ? kept : null;
  } catch {
    return null; // a browser that refuses even the question
  }
}

function draw(): string {
  return String((crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % NUMBERS);
}
