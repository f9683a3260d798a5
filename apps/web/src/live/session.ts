import { pathOf } from '../api/get-json.js';
import { Store } from '../core/store.js';
import { silentSinceMs } from '../core/connection.js';
import type { Connection } from '../core/connection.js';
import { EventStream } from './event-stream.js';
import { Instrument } from './instrument.js';
import { Market } from './market.js';
import type { Reloadable } from './resource.js';
import { settle, soon } from './soon.js';

/** Changes are counted from prices that change with the day, and the small charts grow. */
const QUOTES_MS = 30_000;
/** A list that could not be fetched is tried again. */
const RETRY_MS = 5_000;
/** Events tell of accepted ticks; what was refused, and what the lake has by now, is in the list. */
const TICKS_MS = 5_000;

/** All that the page knows, kept up to date by one stream of events. */
export class Session {
  readonly market = new Market();
  readonly instrument = new Store<Instrument | undefined>(undefined);
  readonly connection = new Store<Connection>({ state: 'connecting' });
  #stream: EventStream | undefined;

  start(): void {
    this.#listen();
    this.#everyWhileLive(QUOTES_MS, () => this.market.quotes.refresh());
    this.#everyWhileLive(TICKS_MS, () => this.instrument.get()?.ticks.refresh());
    this.#everyWhileLive(RETRY_MS, () => {
      for (const resource of this.#resources)
        if (resource.content.get().error !== undefined) void resource.refresh();
    });
    this.connection.subscribe(() => {
      // Where no event comes, the lists may still be there, or say why they are not.
      if (this.connection.get().state === 'lost' && !document.hidden) this.reload();
    });
    document.addEventListener('visibilitychange', () => this.#onVisibility());
  }

  /** Shows another symbol or interval from now on. */
  select(symbol: string, interval: string): void {
    const shown = this.instrument.get();
    if (shown?.symbol === symbol && shown.interval === interval) return;
    shown?.stop();
    const instrument = new Instrument(symbol, interval);
    this.instrument.set(instrument);
    if (this.connection.get().state === 'paused') instrument.reload();
    else this.#listen();
  }

  pause(): void {
    settle();
    this.#stream?.pause();
  }

  resume(): void {
    this.#listen();
  }

  /** Fetches all lists anew. */
  readonly reload = (): void => {
    for (const resource of this.#resources) void resource.reload();
  };

  get #resources(): readonly Reloadable[] {
    return [...this.market.resources, ...(this.instrument.get()?.resources ?? [])];
  }

  /** The stream goes on, and does not tell what it told nobody meanwhile: until that is fetched, each list is old. */
  #catchUp(missedSinceMs: number): void {
    for (const resource of this.#resources) void resource.catchUp(missedSinceMs);
  }

  #onHello(): void {
    const missedSinceMs = silentSinceMs(this.connection.get());
    // Resumed or not: what was asked for while nobody answered has failed.
    if (missedSinceMs === undefined) this.reload();
    else this.#catchUp(missedSinceMs);
  }

  #everyWhileLive(ms: number, task: () => unknown): void {
    window.setInterval(() => {
      if (this.connection.get().state === 'live') void task();
    }, ms);
  }

  #listen(): void {
    this.#stream?.close();
    const instrument = this.instrument.get();
    const path = pathOf('/api/stream', { intervals: instrument?.interval, ticks: instrument?.symbol });
    const stream = new EventStream(path, this.connection, {
      hello: () => this.#onHello(),
      gap: () => this.#catchUp(Date.now()),
      bar: (bar) => instrument?.hearBar(bar),
      tick: (event) => instrument?.hearTicks(event),
      metrics: (event) => this.market.hear(event),
      pipeline: (report) => soon(() => this.market.pipeline.apply(() => report)),
    });
    this.#stream = stream;
    stream.open();
  }

  /** A browser keeps few connections to one host: pages out of sight must not hold them. */
  #onVisibility(): void {
    if (this.connection.get().state === 'paused') return;
    if (document.hidden) this.#stream?.lose();
    else this.#listen();
  }
}
