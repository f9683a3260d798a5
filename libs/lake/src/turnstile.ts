/** Lets tasks through one after the other, in the order they came. */
export class Turnstile {
  #last: Promise<unknown> = Promise.resolve();

  async pass<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
