/**
 * Whether the network answers. A request that finds no network waits here instead of failing, so that the screen
 * that asked stays as it is; Retry and the browser's `online` event let every waiting request go again.
 */
export class Connection {
  private waiting: (() => void)[] = [];
  private readonly listeners = new Set<(offline: boolean) => void>();
  private isOffline = false;

  constructor(private readonly target: Pick<Window, "addEventListener" | "removeEventListener"> = window) {
    this.target.addEventListener("online", this.retry);
  }

  get offline(): boolean {
    return this.isOffline;
  }

  subscribe(listener: (offline: boolean) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves when it is worth another try. */
  untilRetry(): Promise<void> {
    this.set(true);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** A request got an answer. */
  works(): void {
    this.set(false);
  }

  readonly retry = (): void => {
    const waiting = this.waiting;
    this.waiting = [];
    for (const go of waiting) go();
  };

  dispose(): void {
    this.target.removeEventListener("online", this.retry);
  }

  private set(offline: boolean): void {
    if (offline === this.isOffline) return;
    this.isOffline = offline;
    for (const listener of this.listeners) listener(offline);
  }
}
