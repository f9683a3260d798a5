import { parseBarInterval } from '@engine/window';

import type { TableBatch } from '../columns.js';
import type { LaneRecord, LayerOutput } from '../layer.js';
import type { SilverMessage, SilverTicks } from '../ticks.js';
import { goldLayer } from './gold-layer.js';
import type { GoldSettings } from './settings.js';
import type { GoldState } from './state.js';
import type { GoldUpdate } from './update.js';

export const SECOND = 1e6;
export const DAY = 86_400 * SECOND;

/** An accepted tick as tests write it; what is left out is null. Its coordinate is given by where it stands. */
export interface TickRow {
  readonly symbol: string;
  readonly eventTimeUs: number;
  readonly price: number;
  readonly size?: number | null;
  readonly sma?: number | null;
  readonly volatility?: number | null;
}

/** `tick('A', 61.5, 100, 3)`: A at 61.5 s for 100, 3 of them. */
export function tick(symbol: string, second: number, price: number, size: number | null = null): TickRow {
  return { symbol, eventTimeUs: Math.round(second * SECOND), price, size };
}

/** Makes what silver would send: knows of each symbol what is in order and the return of it. */
export class SilverSender {
  #offset = 0;
  readonly #newest = new Map<string, { eventTimeUs: number; price: number }>();

  ticks(rows: readonly TickRow[]): SilverMessage {
    const laneOffset = this.#offset++;
    const known = rows.map((row) => this.#inOrderAndReturn(row));
    const symbols = [...new Set(rows.map(({ symbol }) => symbol))];
    const ticks: SilverTicks = {
      n: rows.length,
      symbols,
      symbol: rows.map(({ symbol }) => symbols.indexOf(symbol)),
      eventTimeUs: rows.map(({ eventTimeUs }) => eventTimeUs),
      price: rows.map(({ price }) => price),
      size: rows.map(({ size }) => size ?? null),
      inOrder: known.map(({ inOrder }) => inOrder),
      sma: rows.map(({ sma }, at) => (known[at]!.inOrder ? (sma ?? null) : null)),
      volatility: rows.map(({ volatility }, at) => (known[at]!.inOrder ? (volatility ?? null) : null)),
      logReturn: known.map(({ logReturn }) => logReturn),
      laneOffset: rows.map(() => laneOffset),
      laneIndex: rows.map((_, at) => at),
      recordTimeUs: rows.map(({ eventTimeUs }) => eventTimeUs),
    };
    return { kind: 'ticks', ticks };
  }

  marker(markerUs: number): SilverMessage {
    return { kind: 'marker', markerUs, laneOffset: this.#offset++, laneIndex: 0 };
  }

  #inOrderAndReturn({ symbol, eventTimeUs, price }: TickRow): { inOrder: boolean; logReturn: number | null } {
    const previous = this.#newest.get(symbol);
    if (previous !== undefined && eventTimeUs < previous.eventTimeUs)
      return { inOrder: false, logReturn: null };
    this.#newest.set(symbol, { eventTimeUs, price });
    return { inOrder: true, logReturn: previous === undefined ? null : Math.log(price / previous.price) };
  }
}

export function goldSettings(intervals: string, latenessSeconds: number, maxSymbols = 100): GoldSettings {
  const barIntervals = intervals.split(',').map((name) => parseBarInterval(name));
  return { allowedLatenessUs: latenessSeconds * SECOND, barIntervals, maxSymbols };
}

/** A lane of gold that is handed ticks and markers one message at a time. */
export class GoldLane {
  readonly #sender = new SilverSender();
  readonly #layer;
  readonly state: GoldState;
  #records = 0;
  /** Of the newest message. */
  output: LayerOutput<GoldUpdate> = { tables: [], emitted: [], verdicts: new Map() };

  constructor(settings: GoldSettings) {
    this.#layer = goldLayer(settings);
    this.state = this.#layer.initial();
  }

  ticks(...rows: TickRow[]): this {
    return this.#apply(this.#sender.ticks(rows));
  }

  marker(second: number): this {
    return this.#apply(this.#sender.marker(second * SECOND));
  }

  /** Rows of gold/bars that followed from the newest message. */
  get bars(): Row[] {
    return rowsOf(this.output.tables.find(({ schema }) => schema.name === 'gold/bars'));
  }

  /** Rows of gold/metrics that followed from the newest message. */
  get metrics(): Row[] {
    return rowsOf(this.output.tables.find(({ schema }) => schema.name === 'gold/metrics'));
  }

  #apply(message: SilverMessage): this {
    const record: LaneRecord<SilverMessage> = { offset: this.#records++, message };
    this.output = this.#layer.apply(this.state, [record]);
    return this;
  }
}

export type Row = Record<string, string | number | null>;

/** A batch's rows as objects, null where the columns' encoding says so. */
export function rowsOf(batch: TableBatch | undefined): Row[] {
  if (batch === undefined) return [];
  return Array.from({ length: batch.rows }, (_, row) =>
    Object.fromEntries(
      batch.columns.map(({ name, values }) => {
        const value = values[row] ?? null;
        return [name, typeof value === 'number' && Number.isNaN(value) ? null : value];
      }),
    ),
  );
}
