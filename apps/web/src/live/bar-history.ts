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

/** Bars kept before the oldest that is looked at. */
const KEPT_BEFORE = 600;
/** So many are let go of together: each time all is drawn anew. */
const SURPLUS = 100;

type ChangeListener = (from: number) => void;

/** The bars of an instrument: the newest ones, older ones as they are asked for, and news as it comes. */
export class BarHistory {
  readonly shown: Resource<Shown, Loaded>;
  #hasOlder = false;
  #lookedAtMs = -Infinity;
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
    return this.#hasOlder;
  }

  /** Fetches what is shown anew, from its oldest bar on, so that no hole is left and no correction missed. */
  readonly reload = (): Promise<void> => this.shown.reload();

  /** Takes in news. What it says of bars before the oldest known is left out: they would stand alone, and come with their page. */
  add(news: readonly Bar[]): void {
    const oldest = this.#hasOlder ? (this.shown.value.series.starts[0] ?? -Infinity) : -Infinity;
    const wanted = news.filter(({ start }) => Date.parse(start) >= oldest);
    this.shown.apply((known) => this.#merge(known, wanted, (series) => this.#letGoOfOld(series)));
  }

  /** Puts the page before the oldest bar in front. A failure leaves things as they are: scrolling asks again. */
  async loadOlder(): Promise<void> {
    const [oldest] = this.shown.value.series.starts;
    if (!this.#hasOlder || oldest === undefined || this.#request !== undefined) return;
    const request = (this.#request = new AbortController());
    try {
      const page = await this.pages.newest(request.signal, oldest);
      if (request.signal.aborted) return;
      this.#hasOlder = page.hasOlder;
      this.shown.apply((known) => this.#merge(known, page.bars));
    } catch {
      // The bars that are there stay; the next scroll asks again.
    } finally {
      if (this.#request === request) this.#request = undefined;
    }
  }

  /**
   * Says from which bar on there is something to see: those far before it are let go of with one of the next news. Of a
   * page that is left open, bars of seconds would be 86,400 after a day.
   */
  lookFrom(startMs: number): void {
    this.#lookedAtMs = startMs;
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
    this.#hasOlder = page.hasOlder;
    this.#forgetBefore(known.series, Math.min(...bars.map(({ start }) => Date.parse(start))));
    known.series.merge(bars);
    return this.#changed(known, 0);
  }

  /** `tidy` says whether it has changed the series at its beginning. */
  #merge(known: Shown, bars: readonly Bar[], tidy: (series: BarSeries) => boolean = () => false): Shown {
    const from = known.series.merge(bars);
    if (from === undefined) return known;
    return this.#changed(known, tidy(known.series) ? 0 : from);
  }

  #letGoOfOld(series: BarSeries): boolean {
    const before = series.countBefore(this.#lookedAtMs);
    if (before < KEPT_BEFORE + SURPLUS) return false;
    this.#forgetBefore(series, series.starts[before - KEPT_BEFORE]!);
    this.#hasOlder = true;
    return true;
  }

  #forgetBefore(series: BarSeries, startMs: number): void {
    // Where no bar was listed, all that are known are news.
    if (startMs !== Infinity) series.forgetBefore(startMs);
    // Its page would be put before bars that are not there any more.
    this.#request?.abort();
    this.#request = undefined;
  }

  #changed({ series, version }: Shown, from: number): Shown {
    for (const listener of this.#listeners) listener(from);
    return { series, version: version + 1 };
  }
}
