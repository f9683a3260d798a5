import { parseBarInterval } from '@engine/window';
import fc from 'fast-check';

import type { LaneRecord, LayerOutput } from '../layer.js';
import type { BronzeMessage, SilverMessage } from '../ticks.js';
import type { SilverSettings } from './settings.js';
import { silverLayer } from './silver-layer.js';
import type { TickRow } from './testing.js';
import { bronzeLane, rowsOf } from './testing.js';

const SECOND = 1e6;
const DAY = 86_400 * SECOND;

const settings: SilverSettings = {
  allowedLatenessUs: 20 * SECOND,
  maxFutureUs: 10 * SECOND,
  silverRows: 3,
  windowUs: 60 * SECOND,
  windowSlideUs: 25 * SECOND,
  barIntervals: [parseBarInterval('1m')],
  maxSymbols: 3,
  dedupWithoutId: 'content',
};

type Row = Record<string, string | number | boolean | null>;
type Message = readonly TickRow[] | number;

interface Accepted extends TickRow {
  readonly offset: number;
  readonly inOrder: boolean;
}

interface OracleWindow {
  readonly symbol: string;
  readonly start: number;
  shown: number;
  revision: number;
  at: number;
}

const mean = (x: readonly number[]): number =>
  x[0]! + x.reduce((sum, value) => sum + (value - x[0]!), 0) / x.length;

function deviation(x: readonly number[]): number | null {
  if (x.length < 2) return null;
  const d = x.map((value) => value - x[0]!);
  const center = d.reduce((sum, value) => sum + value, 0) / d.length;
  return Math.sqrt(d.reduce((sum, value) => sum + (value - center) ** 2, 0) / (d.length - 1));
}

/**
 * Silver read off its definitions: for every tick it looks through all ticks accepted before, for every event through all
 * windows that ever were. Rows of silver/windows come as a set.
 */
class Oracle {
  readonly ticks: Row[] = [];
  readonly windows: Row[] = [];
  #accepted: Accepted[] = [];
  #forgotten: Accepted[] = [];
  #windows: OracleWindow[] = [];
  #clock = -Infinity;
  #marker = -Infinity;
  #horizon = -Infinity;

  message(message: Message, offset: number): void {
    if (typeof message !== 'number')
      message.forEach((tick, index) => {
        this.#tick(tick, offset, index);
      });
    else if (message > this.#marker) {
      this.#marker = message;
      this.#clock = Math.max(this.#clock, message);
      this.#publish(true);
    }
  }

  #tick(tick: TickRow, offset: number, index: number): void {
    const verdict = this.#verdict(tick);
    const features =
      verdict === 'accepted'
        ? this.#accept(tick, offset)
        : { in_order: null, log_return: null, sma: null, volatility: null };
    this.ticks.push({ lane_offset: offset, lane_index: index, symbol: tick.symbol, verdict, ...features });
  }

  #verdict(tick: TickRow): string {
    const before = this.#accepted.filter(({ symbol }) => symbol === tick.symbol);
    const { eventTimeUs } = tick;
    if (before.length === 0 && this.#symbols().length >= settings.maxSymbols && this.#silent().length === 0)
      return 'too_many_symbols';
    if (eventTimeUs > tick.recordTimeUs! + settings.maxFutureUs) return 'future';
    if (before.length === 0) return eventTimeUs < this.#horizon ? 'late' : 'accepted';
    const earliest = this.#newest(tick.symbol) - settings.allowedLatenessUs;
    if (eventTimeUs < earliest) return 'late';
    const same = before.some((other) => {
      if (other.eventTimeUs < earliest || other.source !== tick.source || other.tradeId !== tick.tradeId)
        return false;
      if (tick.tradeId !== null) return true;
      return other.eventTimeUs === eventTimeUs && other.price === tick.price && other.size === tick.size;
    });
    return same ? 'duplicate' : 'accepted';
  }

  #accept(tick: TickRow, offset: number): Row {
    const known = this.#symbols().includes(tick.symbol);
    if (!known && this.#symbols().length >= settings.maxSymbols) this.#letGo();
    const inOrder = !known || tick.eventTimeUs >= this.#newest(tick.symbol);
    this.#accepted.push({ ...tick, offset, inOrder });
    this.#clock = Math.max(this.#clock, tick.eventTimeUs);
    for (
      let start = -100 * settings.windowSlideUs;
      start <= 400 * settings.windowSlideUs;
      start += settings.windowSlideUs
    )
      for (const day of [0, DAY, 2 * DAY, 3 * DAY]) this.#coverBy(tick, day + start);
    this.#publish(false);
    return { in_order: inOrder, ...this.#features(tick.symbol, inOrder) };
  }

  #coverBy({ symbol, eventTimeUs }: TickRow, start: number): void {
    if (eventTimeUs < start || eventTimeUs >= start + settings.windowUs) return;
    if (this.#windows.some((window) => window.symbol === symbol && window.start === start)) return;
    this.#windows.push({ symbol, start, shown: 0, revision: -1, at: -Infinity });
  }

  #features(symbol: string, inOrder: boolean): Row {
    if (!inOrder) return { log_return: null, sma: null, volatility: null };
    const prices = this.#accepted
      .filter((tick) => tick.symbol === symbol && tick.inOrder)
      .map(({ price }) => price);
    const last = prices.slice(-settings.silverRows);
    const previous = prices.at(-2);
    const log_return = previous === undefined ? null : Math.log(prices.at(-1)! / previous);
    return { log_return, sma: mean(last), volatility: deviation(last) };
  }

  #publish(isMarker: boolean, letGo: readonly string[] = []): void {
    for (const window of this.#windows) {
      const end = window.start + settings.windowUs;
      const ticks = this.#ticksOf(window);
      const closes = window.revision === -1 && this.#clock >= end + settings.allowedLatenessUs;
      const settled =
        letGo.includes(window.symbol) || this.#newest(window.symbol) >= end + settings.allowedLatenessUs;
      const due = settled || isMarker || this.#clock - window.at >= 10 * SECOND;
      if (!closes && !(window.revision >= 0 && ticks.length !== window.shown && due)) continue;
      Object.assign(window, { revision: window.revision + 1, shown: ticks.length, at: this.#clock });
      this.windows.push(windowRow(window, ticks));
    }
  }

  #ticksOf({ symbol, start }: OracleWindow): Accepted[] {
    return [...this.#forgotten, ...this.#accepted]
      .filter(
        (tick) =>
          tick.symbol === symbol && tick.eventTimeUs >= start && tick.eventTimeUs < start + settings.windowUs,
      )
      .sort((a, b) => a.eventTimeUs - b.eventTimeUs);
  }

  #symbols(): string[] {
    return [...new Set(this.#accepted.map(({ symbol }) => symbol))];
  }

  #newest(symbol: string): number {
    return Math.max(
      ...this.#accepted.filter((tick) => tick.symbol === symbol).map(({ eventTimeUs }) => eventTimeUs),
    );
  }

  #silent(): string[] {
    return this.#symbols().filter(
      (symbol) => this.#newest(symbol) + DAY + settings.allowedLatenessUs <= this.#clock,
    );
  }

  #letGo(): void {
    const silent = this.#silent();
    this.#publish(false, silent);
    this.#horizon = this.#clock - settings.allowedLatenessUs;
    this.#forgotten.push(...this.#accepted.filter(({ symbol }) => silent.includes(symbol)));
    this.#accepted = this.#accepted.filter(({ symbol }) => !silent.includes(symbol));
  }
}

function windowRow({ symbol, start, revision }: OracleWindow, ticks: readonly Accepted[]): Row {
  const prices = ticks.map(({ price }) => price);
  const offsets = ticks.map(({ offset }) => offset);
  return {
    symbol,
    window_start: start,
    window_end: start + settings.windowUs,
    revision,
    ticks: ticks.length,
    sma: mean(prices),
    volatility: deviation(prices),
    first_offset: Math.min(...offsets),
    last_offset: Math.max(...offsets),
  };
}

const times = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 0, max: 300 }).map((s) => s * SECOND) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 300 }).map((s) => DAY + s * SECOND) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 300 }).map((s) => 2 * DAY + s * SECOND) },
);
const tick: fc.Arbitrary<TickRow> = fc
  .record({
    symbol: fc.constantFrom('A', 'A', 'B', 'C', 'D'),
    eventTimeUs: times,
    price: fc.oneof(fc.constantFrom(10, 11), fc.double({ min: 1e-9, max: 1e15, noNaN: true })),
    size: fc.constantFrom(null, 1),
    tradeId: fc.constantFrom(null, null, '1', '2', '3', '4', '5', '6', '7'),
    source: fc.constantFrom('x', 'x', 'x', 'y'),
    ahead: fc.constantFrom(0, 0, 0, 0, 10, 11),
  })
  .map(({ ahead, ...row }) => ({ ...row, recordTimeUs: row.eventTimeUs - ahead * SECOND }));
const message = fc.oneof(
  { weight: 8, arbitrary: fc.array(tick, { maxLength: 4 }) },
  { weight: 1, arbitrary: times },
);
const lane = fc.array(message, { maxLength: 40 });

/** As lanes mostly are: time goes on, with some disorder. */
const orderlyLane = lane.map((messages) => {
  const sorted = messages
    .map((m) => (typeof m === 'number' ? [] : m))
    .flat()
    .sort((a, b) => a.eventTimeUs - b.eventTimeUs);
  const swapped = sorted.map((row, i) =>
    i % 3 === 0 ? (sorted[i + 1] ?? row) : i % 3 === 1 ? sorted[i - 1]! : row,
  );
  let next = 0;
  return messages.map((m): Message => (typeof m === 'number' ? m : swapped.slice(next, (next += m.length))));
});

function tableOf(outputs: readonly LayerOutput<SilverMessage>[], name: string): Row[] {
  return outputs.flatMap(({ tables }) => rowsOf(tables.find(({ schema }) => schema.name === name)));
}

/** Emissions as one row per tick or marker, whatever the cuts. */
function emittedRows(outputs: readonly LayerOutput<SilverMessage>[]): Row[] {
  return outputs.flatMap(({ emitted }) =>
    emitted.flatMap((m): Row[] => {
      if (m.kind === 'marker') return [{ ...m }];
      const { n, symbols, symbol, ...columns } = m.ticks;
      return Array.from({ length: n }, (_, i) => ({
        symbol: symbols[symbol[i]!]!,
        ...Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[i] ?? null])),
      }));
    }),
  );
}

const keyOf = (row: Row): string => [row['symbol'], row['window_start'], row['revision']].join(' ');
const byKey = (a: Row, b: Row): number => keyOf(a).localeCompare(keyOf(b));

function applyInBatches(
  records: readonly LaneRecord<BronzeMessage>[],
  sizes: readonly number[],
): LayerOutput<SilverMessage>[] {
  const layer = silverLayer(settings);
  const state = layer.initial();
  const outputs: LayerOutput<SilverMessage>[] = [];
  for (let at = 0, batch = 0; at < records.length; batch++) {
    const size = sizes[batch % sizes.length]!;
    outputs.push(layer.apply(state, records.slice(at, at + size)));
    at += size;
  }
  return outputs;
}

describe('silver', () => {
  it.each([
    ['any order', lane],
    ['almost in order', orderlyLane],
  ])('decides and computes what an obvious program does, ticks in %s', (_, lanes) => {
    fc.assert(
      fc.property(lanes, (messages) => {
        const layer = silverLayer(settings);
        const state = layer.initial();
        const oracle = new Oracle();
        for (const record of bronzeLane(messages)) {
          const output = [layer.apply(state, [record])];
          oracle.message(messages[record.offset]!, record.offset);
          const ticks = oracle.ticks.splice(0);
          expect(tableOf(output, 'silver/ticks')).toEqual(
            ticks.map((row) => expect.objectContaining(row) as Row),
          );
          expect(tableOf(output, 'silver/windows').sort(byKey)).toEqual(oracle.windows.splice(0).sort(byKey));
          expect([...output[0]!.verdicts.values()].reduce((sum, n) => sum + n, 0)).toBe(ticks.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same rows and messages for any split of the lane into batches', () => {
    fc.assert(
      fc.property(lane, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (messages, sizes) => {
        const records = bronzeLane(messages);
        const [whole, split] = [
          applyInBatches(records, [records.length + 1]),
          applyInBatches(records, sizes),
        ];
        for (const table of ['silver/ticks', 'silver/markers', 'silver/windows'])
          expect(tableOf(split, table)).toEqual(tableOf(whole, table));
        expect(emittedRows(split)).toEqual(emittedRows(whole));
      }),
      { numRuns: 300 },
    );
  });

  it('sends accepted ticks on with their coordinates, cut at markers', () => {
    fc.assert(
      fc.property(lane, (messages) => {
        const output = applyInBatches(bronzeLane(messages), [1000]);
        const accepted = tableOf(output, 'silver/ticks').filter(({ verdict }) => verdict === 'accepted');
        const markers = messages.flatMap((m, offset) =>
          typeof m === 'number' ? [{ laneOffset: offset, markerUs: m }] : [],
        );
        const sent = emittedRows(output);
        expect(sent.filter(({ kind }) => kind === 'marker')).toEqual(
          markers.map((m) => ({ kind: 'marker', laneIndex: 0, ...m })),
        );
        expect(tableOf(output, 'silver/markers')).toEqual(
          markers.map((m) => ({ lane_offset: m.laneOffset, marker: m.markerUs })),
        );
        expect(sent.filter(({ kind }) => kind === undefined)).toEqual(
          accepted.map((row) => ({
            symbol: row['symbol'],
            eventTimeUs: row['event_time'],
            price: row['price'],
            size: row['size'],
            inOrder: row['in_order'],
            sma: row['sma'],
            volatility: row['volatility'],
            logReturn: row['log_return'],
            laneOffset: row['lane_offset'],
            laneIndex: row['lane_index'],
            recordTimeUs: row['record_time'],
          })),
        );
        const offsets = sent.map(({ laneOffset }) => Number(laneOffset));
        expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
      }),
    );
  });
});
