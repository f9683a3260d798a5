/** Asked once to stop, and waited upon by those who would otherwise sleep. */
export class Stop {
  #isRequested = false;
  #wakers = new Set<() => void>();

  get isRequested(): boolean {
    return this.#isRequested;
  }

  request(): void {
    this.#isRequested = true;
    for (const wake of this.#wakers) wake();
  }

  /** Sleeps, but not on when a stop is asked for. */
  async sleep(ms: number): Promise<void> {
    if (this.#isRequested) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#wakers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#wakers.add(wake);
    });
  }
}
