import { figuresOfBar, figuresOfSymbol, figuresOfWindow } from './loop-oracle.js';
import type { DecidedTick, Figures } from './loop-oracle.js';
import type { OracleSettings } from './settings.js';

/** What a lane was decided from, in its order: ticks with their verdicts, and markers. */
export type LaneEvent = { readonly tick: DecidedTick } | { readonly markerUs: number };

/** Every row that silver and gold must have published of a lane, provisional ones apart. */
export interface Publications {
  readonly windows: readonly Figures[];
  readonly bars: readonly Figures[];
  readonly metrics: readonly Figures[];
}

const CORRECTION_US = 10_000_000;

/** A stretch of one symbol's time: a window, or a bar of an interval. */
interface Stretch {
  readonly symbol: string;
  /** The bar's interval, undefined for a window. */
  readonly interval: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly ticks: DecidedTick[];
  revisions: number;
  isDirty: boolean;
  publishedAtUs: number;
}

/**
 * Goes through a lane's events one by one: what closes is published, what changes afterwards is published again when its
 * symbol has passed it, when the lane's clock has moved ten seconds, or at a marker.
 */
export function publicationsOf(events: readonly LaneEvent[], settings: OracleSettings): Publications {
  const book = new Book(settings);
  for (const event of events) book.take(event);
  return book;
}

class Book implements Publications {
  readonly windows: Figures[] = [];
  readonly bars: Figures[] = [];
  readonly metrics: Figures[] = [];
  readonly #stretches = new Map<string, Stretch>();
  readonly #accepted = new Map<string, DecidedTick[]>();
  readonly #newest = new Map<string, number>();
  #unsettled: Stretch[] = [];
  #clock = -Infinity;
  #marker = -Infinity;

  constructor(private readonly settings: OracleSettings) {}

  take(event: LaneEvent): void {
    const marker = 'markerUs' in event ? event.markerUs : undefined;
    // Sent again after a lost answer, or late: a marker not above the one before it is none.
    if (marker !== undefined && marker <= this.#marker) return;
    this.#marker = marker ?? this.#marker;
    if ('tick' in event) {
      if (event.tick.verdict !== 'accepted') return;
      this.#add(event.tick);
    }
    this.#clock = Math.max(this.#clock, marker ?? -Infinity);
    const due = this.#unsettled.filter((stretch) => this.#isDue(stretch, marker !== undefined));
    for (const stretch of due) this.#publish(stretch);
    if (due.length > 0)
      this.#unsettled = this.#unsettled.filter(({ revisions, isDirty }) => revisions === 0 || isDirty);
    if (marker !== undefined)
      for (const symbol of this.#accepted.keys()) this.#publishMetrics(symbol, marker);
  }

  #add(tick: DecidedTick): void {
    const { symbol, t } = tick;
    this.#clock = Math.max(this.#clock, t);
    this.#newest.set(symbol, Math.max(this.#newest.get(symbol) ?? -Infinity, t));
    const accepted = this.#accepted.get(symbol) ?? [];
    this.#accepted.set(symbol, accepted);
    accepted.push(tick);
    const { windowUs, slideUs, intervals } = this.settings;
    for (let start = Math.floor(t / slideUs) * slideUs; start > t - windowUs; start -= slideUs)
      this.#addTo(tick, undefined, start, windowUs);
    for (const [interval, us] of Object.entries(intervals))
      this.#addTo(tick, interval, Math.floor(t / us) * us, us);
  }

  #addTo(tick: DecidedTick, interval: string | undefined, start: number, lengthUs: number): void {
    const name = `${tick.symbol} ${interval ?? ''} ${start}`;
    const known = this.#stretches.get(name);
    if (known !== undefined) {
      known.ticks.push(tick);
      if (known.revisions > 0 && !known.isDirty) {
        known.isDirty = true;
        this.#unsettled.push(known);
      }
      return;
    }
    const stretch: Stretch = {
      ...{ symbol: tick.symbol, interval, start, end: start + lengthUs, ticks: [tick] },
      ...{ revisions: 0, isDirty: false, publishedAtUs: -Infinity },
    };
    this.#stretches.set(name, stretch);
    this.#unsettled.push(stretch);
  }

  #isDue(stretch: Stretch, atMarker: boolean): boolean {
    const settledUs = stretch.end + this.settings.allowedLatenessUs;
    if (stretch.revisions === 0) return this.#clock >= settledUs;
    const newest = this.#newest.get(stretch.symbol) ?? -Infinity;
    return atMarker || newest >= settledUs || this.#clock >= stretch.publishedAtUs + CORRECTION_US;
  }

  #publish(stretch: Stretch): void {
    const { symbol, interval, start, end, revisions: revision } = stretch;
    stretch.revisions += 1;
    stretch.isDirty = false;
    stretch.publishedAtUs = this.#clock;
    if (interval === undefined) {
      this.windows.push({
        symbol,
        window_start: start,
        window_end: end,
        revision,
        ...figuresOfWindow(stretch.ticks),
      });
      return;
    }
    const figures = figuresOfBar(stretch.ticks);
    this.bars.push({ symbol, interval, start, revision, ...figures, closed_at: this.#clock });
    if (interval === '1m' && revision === 0) this.#publishMetrics(symbol, end);
  }

  #publishMetrics(symbol: string, asOf: number): void {
    this.metrics.push({ symbol, as_of: asOf, ...figuresOfSymbol(this.#accepted.get(symbol) ?? []) });
  }
}
