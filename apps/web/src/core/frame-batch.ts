/** Runs a task soon, once. */
export type Schedule = (task: () => void) => void;

/**
 * Collects items and hands them over together. Of several with the same key, the newest stays: however fast
 * updates come, handing over costs what is on the screen, and what waits is bounded by the number of keys.
 */
export class FrameBatch<Item> {
  readonly #waiting = new Map<string, Item>();

  constructor(
    private readonly keyOf: (item: Item) => string,
    private readonly flush: (items: readonly Item[]) => void,
    private readonly schedule: Schedule,
  ) {}

  add(item: Item): void {
    const key = this.keyOf(item);
    // Put behind the others, so that the order is that of the newest of each key.
    this.#waiting.delete(key);
    this.#waiting.set(key, item);
    if (this.#waiting.size === 1) this.#plan();
  }

  /** Forgets what waits: after a gap the lists are fetched anew. */
  clear(): void {
    this.#waiting.clear();
  }

  #plan(): void {
    this.schedule(() => {
      const items = [...this.#waiting.values()];
      this.#waiting.clear();
      if (items.length > 0) this.flush(items);
    });
  }
}
