/** Counts the changes of something and wakes those who wait for the next one. */
export class ChangeSignal {
  #version = 0;
  #wakers: (() => void)[] = [];

  /** Take it before looking: whatever changes afterwards is then not missed. */
  get version(): number {
    return this.#version;
  }

  raise(): void {
    this.#version++;
    const wakers = this.#wakers;
    this.#wakers = [];
    for (const wake of wakers) wake();
  }

  /** Resolves at the first change after `version`, at once if there was one already. */
  async changedSince(version: number): Promise<void> {
    if (this.#version !== version) return;
    await new Promise<void>((resolve) => this.#wakers.push(resolve));
  }
}
