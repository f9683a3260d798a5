import { ApiError } from '../api/api-error.js';
import type { Content } from '../core/panel-state.js';
import { Store } from '../core/store.js';

interface Source<T, Loaded> {
  readonly initial: T;
  readonly load: (signal: AbortSignal) => Promise<Loaded>;
  /** What is known once `loaded` has come; news may have come before it. */
  readonly merge: (known: T, loaded: Loaded) => T;
}

/**
 * Something fetched and then kept up to date by events. Events that come before the first answer count too: whatever order
 * the two arrive in, `merge` gives the same.
 */
export class Resource<T, Loaded = T> {
  readonly content = new Store<Content<T>>({ value: undefined, error: undefined });
  #value: T;
  #isLoaded = false;
  #isLoading = false;
  #request = new AbortController();

  constructor(private readonly source: Source<T, Loaded>) {
    this.#value = source.initial;
  }

  /** What is known, loaded or not. */
  get value(): T {
    return this.#value;
  }

  /** Never rejects: a failure is shown, with what was known before. */
  readonly reload = async (): Promise<void> => {
    this.stop();
    const { signal } = (this.#request = new AbortController());
    this.#isLoading = true;
    try {
      const loaded = await this.source.load(signal);
      if (signal.aborted) return;
      this.#value = this.source.merge(this.#value, loaded);
      this.#isLoaded = true;
      this.#tell(undefined);
    } catch (error) {
      if (!signal.aborted) this.#tell(error as Error);
    } finally {
      if (!signal.aborted) this.#isLoading = false;
    }
  };

  /** Fetches anew unless that is going on: who asks a busy server again and again makes it busier. */
  readonly refresh = async (): Promise<void> => {
    if (!this.#isLoading) await this.reload();
  };

  /** News was missed from then on: until it is fetched, what is known is old. What failed meanwhile is of no interest. */
  readonly catchUp = async (missedSinceMs: number): Promise<void> => {
    this.content.update(({ value, missedSinceMs: before }) => ({
      value,
      error: undefined,
      missedSinceMs: before ?? missedSinceMs,
    }));
    await this.reload();
  };

  apply(change: (value: T) => T): void {
    const changed = change(this.#value);
    if (Object.is(changed, this.#value)) return;
    this.#value = changed;
    if (this.#isLoaded) this.content.update((content) => ({ ...content, value: changed }));
  }

  stop(): void {
    this.#request.abort();
    this.#isLoading = false;
  }

  #tell(error: Error | undefined): void {
    if (error instanceof ApiError && error.isUnauthorized) askForToken();
    const value = this.#isLoaded ? this.#value : undefined;
    this.content.update(({ missedSinceMs }) =>
      error === undefined ? { value, error: undefined } : { value, error: error.message, missedSinceMs },
    );
  }
}

/** Any of them, whatever it holds. */
export type Reloadable = Pick<Resource<unknown>, 'reload' | 'refresh' | 'catchUp'> & {
  readonly content: { readonly get: () => Content<unknown> };
};

/** Whether the API wants a token that this browser has not given yet. */
export const tokenWanted = new Store(false);
const askForToken = (): void => {
  tokenWanted.set(true);
};
