import type { Bar } from '@engine/contracts/api';
import type { BarPage, BarPages } from '../api/bar-pages.js';
import { BarSeries } from '../core/bars/bar-series.js';
import { Resource } from './resource.js';

/** The series, and a number that is another one after each change. */
interface Shown {
  readonly series: BarSeries;
  readonly version: number;
}

interface Loaded {
  readonly bars: readonly Bar[];
  /** Set when the bars are a newest page: what was known before it may have a hole and is let go of. */
  readonly page: BarPage | undefined;
}

/** Where the bars come from, in pages. */
export type PageSource = Pick<BarPages, 'newest' | 'since'>;

type ChangeListener = (from: number) => void;

/** The bars of an instrument: the newest ones, older ones as they are asked for, and news as it comes. */
export class BarHistory {
  readonly shown: Resource<Shown, Loaded>;
  #older: string | undefined;
  #request: AbortController | undefined;
  readonly #listeners = new Set<ChangeListener>();

  constructor(private readonly pages: PageSource) {
    this.shown = new Resource<Shown, Loaded>({
      initial: { series: new BarSeries(), version: 0 },
      load: (signal) => this.#load(signal),
      merge: (known, loaded) => this.#take(known, loaded),
    });
  }

  get hasOlder(): boolean {
    return this.#older !== undefined;
  }

  /** Fetches what is shown anew, from its oldest bar on, so that no hole is left and no correction missed. */
  readonly reload = (): Promise<void> => this.shown.reload();

  add(bars: readonly Bar[]): void {
    this.shown.apply((known) => this.#merge(known, bars));
  }

  /** Puts the page before the oldest bar in front. A failure leaves things as they are: scrolling asks again. */
  async loadOlder(): Promise<void> {
    if (this.#older === undefined || this.#request !== undefined) return;
    const request = (this.#request = new AbortController());
    try {
      const page = await this.pages.newest(request.signal, this.#older);
      if (request.signal.aborted) return;
      this.#older = page.older;
      this.add(page.bars);
    } catch {
      // The bars that are there stay; the next scroll asks again.
    } finally {
      if (this.#request === request) this.#request = undefined;
    }
  }

  /** Tells from which index on the picture has changed. Returns what ends the subscription. */
  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    this.shown.stop();
    this.#request?.abort();
    this.#request = undefined;
  }

  async #load(signal: AbortSignal): Promise<Loaded> {
    const [oldest] = this.shown.content.get().value?.series.starts ?? [];
    const all = oldest === undefined ? undefined : await this.pages.since(oldest, signal);
    if (all !== undefined) return { bars: all, page: undefined };
    const page = await this.pages.newest(signal);
    return { bars: page.bars, page };
  }

  #take(known: Shown, { bars, page }: Loaded): Shown {
    if (page === undefined) return this.#merge(known, bars);
    this.#older = page.older;
    const oldest = Math.min(...page.bars.map(({ start }) => Date.parse(start)));
    known.series.forgetBefore(oldest);
    return this.#merge(known, bars);
  }

  #merge(known: Shown, bars: readonly Bar[]): Shown {
    const from = known.series.merge(bars);
    if (from === undefined) return known;
    for (const listener of this.#listeners) listener(from);
    return { series: known.series, version: known.version + 1 };
  }
}
