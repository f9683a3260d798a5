import fc from 'fast-check';

import type { SilverSettings } from '../silver/settings.js';
import { silverLayer } from '../silver/silver-layer.js';
import { bronzeLane } from '../silver/testing.js';
import type { TickRow } from '../silver/testing.js';
import type { SilverMessage, SilverTicks } from '../ticks.js';
import { goldLayer } from './gold-layer.js';
import type { Row } from './testing.js';
import { DAY, goldSettings, rowsOf, SECOND } from './testing.js';

const MINUTE = 60 * SECOND;
const LATENESS = 20 * SECOND;
const MAX_SYMBOLS = 3;
const SIZES = { '30s': 30 * SECOND, '1m': MINUTE, '1h': 60 * MINUTE, '1d': DAY };

const settings = goldSettings(Object.keys(SIZES).join(','), LATENESS / SECOND, MAX_SYMBOLS);
const silverSettings: SilverSettings = {
  ...settings,
  maxFutureUs: 0,
  silverRows: 3,
  windowUs: MINUTE,
  windowSlideUs: MINUTE / 2,
  dedupWithoutId: 'never',
};

interface Tick {
  readonly symbol: string;
  readonly t: number;
  readonly p: number;
  readonly q: number | null;
  readonly offset: number;
  readonly inOrder: boolean;
  readonly sma: number | null;
  readonly volatility: number | null;
}

interface Bar {
  readonly symbol: string;
  readonly interval: string;
  readonly start: number;
  readonly end: number;
  shown: number;
  revision: number;
  at: number;
}

const sum = (x: readonly number[]): number => x.reduce((total, value) => total + value, 0);
const mean = (x: readonly number[]): number | null => (x.length === 0 ? null : sum(x) / x.length);

function amounts(ticks: readonly Tick[]): Row {
  const sized = ticks.flatMap(({ p, q }) => (q === null ? [] : [{ p, q }]));
  const volume = sum(sized.map(({ q }) => q));
  return {
    high: Math.max(...ticks.map(({ p }) => p)),
    low: Math.min(...ticks.map(({ p }) => p)),
    volume: sized.length === 0 ? null : volume,
    vwap: volume === 0 ? null : sum(sized.map(({ p, q }) => p * q)) / volume,
  };
}

/**
 * Gold read off its definitions: all ticks and all bars there ever were are looked through for every event. What is published
 * in one step comes as a set.
 */
class Oracle {
  ticks: Tick[] = [];
  letGo = 0;
  #bars: Bar[] = [];
  #clock = -Infinity;
  #marker = -Infinity;
  #published: Row[] = [];

  tick(tick: Tick): Row[] {
    this.#published = [];
    this.#makeRoomFor(tick.symbol);
    this.ticks.push(tick);
    this.#clock = Math.max(this.#clock, tick.t);
    for (const [interval, size] of Object.entries(SIZES)) {
      const start = Math.floor(tick.t / size) * size;
      const known = this.#bars.some(
        (b) => b.symbol === tick.symbol && b.interval === interval && b.start === start,
      );
      const bar = {
        symbol: tick.symbol,
        interval,
        start,
        end: start + size,
        shown: 0,
        revision: -1,
        at: NaN,
      };
      if (!known) this.#bars.push(bar);
    }
    this.#publishDue(
      (bar) => this.#clock >= bar.at + 10 * SECOND || this.#newest(bar.symbol) >= bar.end + LATENESS,
    );
    return this.#published;
  }

  marker(marker: number): Row[] {
    this.#published = [];
    if (marker <= this.#marker) return [];
    this.#marker = marker;
    this.#clock = Math.max(this.#clock, marker);
    this.#publishDue(() => true);
    for (const symbol of this.symbols()) this.#published.push(this.#metricsOf(symbol, marker));
    return this.#published;
  }

  symbols(): string[] {
    return [...new Set(this.ticks.map(({ symbol }) => symbol))];
  }

  #of(symbol: string): Tick[] {
    return this.ticks.filter((tick) => tick.symbol === symbol);
  }

  #newest(symbol: string): number {
    return Math.max(...this.#of(symbol).map(({ t }) => t));
  }

  #inside({ symbol, start, end }: Bar): Tick[] {
    return this.#of(symbol).filter(({ t }) => t >= start && t < end);
  }

  #makeRoomFor(symbol: string): void {
    const symbols = this.symbols();
    if (symbols.includes(symbol) || symbols.length < MAX_SYMBOLS) return;
    const silent = symbols.filter((known) => this.#newest(known) + DAY + LATENESS <= this.#clock);
    for (const bar of this.#bars)
      if (silent.includes(bar.symbol) && this.#inside(bar).length !== bar.shown) this.#publish(bar);
    this.#bars = this.#bars.filter((bar) => !silent.includes(bar.symbol));
    this.ticks = this.ticks.filter((tick) => !silent.includes(tick.symbol));
    this.letGo += silent.length;
  }

  #publishDue(isDue: (dirty: Bar) => boolean): void {
    for (const bar of this.#bars) {
      const closes = bar.revision === -1 && this.#clock >= bar.end + LATENESS;
      const dirty = bar.revision >= 0 && this.#inside(bar).length !== bar.shown;
      if (!closes && !(dirty && isDue(bar))) continue;
      this.#publish(bar);
      if (closes && bar.interval === '1m') this.#published.push(this.#metricsOf(bar.symbol, bar.end));
    }
  }

  #publish(bar: Bar): void {
    const inside = this.#inside(bar);
    Object.assign(bar, { shown: inside.length, revision: bar.revision + 1, at: this.#clock });
    const inEventOrder = [...inside].sort((a, b) => a.t - b.t);
    const offsets = inside.map(({ offset }) => offset);
    this.#published.push({
      symbol: bar.symbol,
      interval: bar.interval,
      start: bar.start,
      revision: bar.revision,
      open: inEventOrder[0]!.p,
      close: inEventOrder.at(-1)!.p,
      ...amounts(inside),
      ticks: inside.length,
      first_offset: Math.min(...offsets),
      last_offset: Math.max(...offsets),
      closed_at: this.#clock,
    });
  }

  #metricsOf(symbol: string, asOf: number): Row {
    const all = this.#of(symbol);
    const today = Math.floor(this.#newest(symbol) / DAY);
    const ofDay = all.filter(({ t }) => Math.floor(t / DAY) === today);
    const inOrder = all.filter((tick) => tick.inOrder);
    const prices = ofDay.filter((tick) => tick.inOrder).map(({ p }) => p);
    const squares = prices.slice(1).map((p, at) => Math.log(p / prices[at]!) ** 2);
    const falls = prices.map((p, at) => p / Math.max(...prices.slice(0, at + 1)) - 1);
    return {
      symbol,
      as_of: asOf,
      ticks: all.length,
      last_price: inOrder.at(-1)!.p,
      avg_sma: mean(inOrder.flatMap(({ sma }) => sma ?? [])),
      avg_volatility: mean(inOrder.flatMap(({ volatility }) => volatility ?? [])),
      ...amounts(ofDay),
      realized_volatility: squares.length === 0 ? null : Math.sqrt(sum(squares)),
      max_drawdown: Math.min(...falls),
    };
  }
}

function ticksOf(ticks: SilverTicks): Tick[] {
  return Array.from({ length: ticks.n }, (_, at) => ({
    symbol: ticks.symbols[ticks.symbol[at]!]!,
    t: ticks.eventTimeUs[at]!,
    p: ticks.price[at]!,
    q: ticks.size[at] ?? null,
    offset: ticks.laneOffset[at]!,
    inOrder: ticks.inOrder[at]!,
    sma: ticks.sma[at] ?? null,
    volatility: ticks.volatility[at] ?? null,
  }));
}

/** Rows in one order, whatever order they came in, with the columns of a row in one order too. */
function sorted(rows: readonly Row[]): Row[] {
  const key = (row: Row): string =>
    ['interval', 'symbol', 'start', 'as_of', 'revision', 'ticks'].map((name) => String(row[name])).join(' ');
  return [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** The row with the expected value in place of each number that is right to 1e-12 of it: the oracle sums up plainly. */
function rounded(row: Row, expected: Row | undefined): Row {
  const entries = Object.entries(row).map(([name, value]) => {
    const other = expected?.[name];
    const isClose =
      typeof value === 'number' &&
      typeof other === 'number' &&
      Math.abs(value - other) <= 1e-12 * Math.abs(other);
    return [name, isClose ? other : value];
  });
  return Object.fromEntries(entries) as Row;
}

interface Step {
  readonly ahead: number;
  readonly event: number | readonly { symbol: string; lag: number; price: number; size: number | null }[];
}

/** Ticks behind a time that moves on, across midnight and sometimes over a day; numbers stand for markers so far behind it. */
function laneOf(steps: readonly Step[]): (readonly TickRow[] | number)[] {
  let now = DAY - 90 * SECOND;
  return steps.map(({ ahead, event }) => {
    now += ahead;
    if (typeof event === 'number') return now - event;
    return event.map(({ symbol, lag, price, size }) => ({ symbol, eventTimeUs: now - lag, price, size }));
  });
}

const halfSeconds = (max: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: max * 2 }).map((n) => (n * SECOND) / 2);
const rows = fc.array(
  fc.record({
    symbol: fc.constantFrom('A', 'B', 'C', 'D', 'E'),
    lag: fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 3, arbitrary: halfSeconds(20) },
      halfSeconds(120),
    ),
    price: fc.integer({ min: 400, max: 1200 }).map((eighths) => eighths / 8),
    size: fc.option(fc.integer({ min: 0, max: 9 }), { freq: 4 }),
  }),
  { minLength: 1, maxLength: 3 },
);
const step: fc.Arbitrary<Step> = fc.record({
  ahead: fc.oneof(
    { weight: 30, arbitrary: halfSeconds(8) },
    { weight: 4, arbitrary: halfSeconds(90) },
    { weight: 1, arbitrary: fc.constant(1.1 * DAY) },
  ),
  event: fc.oneof({ weight: 9, arbitrary: rows }, { weight: 1, arbitrary: halfSeconds(10) }),
});

function expectedFrom(oracle: Oracle, message: SilverMessage): Row[] {
  if (message.kind === 'marker') return oracle.marker(message.markerUs);
  return ticksOf(message.ticks).flatMap((tick) => oracle.tick(tick));
}

describe('gold', () => {
  it('publishes what its definitions say, message by message, and holds the symbols that silver holds', () => {
    const seen = { corrected: 0, letGo: 0, outOfOrder: 0, metrics: 0 };
    const check = (steps: readonly Step[]): void => {
      const [silver, gold, oracle] = [silverLayer(silverSettings), goldLayer(settings), new Oracle()];
      const [silverState, goldState] = [silver.initial(), gold.initial()];
      for (const record of bronzeLane(laneOf(steps))) {
        for (const [offset, message] of silver.apply(silverState, [record]).emitted.entries()) {
          const expected = sorted(expectedFrom(oracle, message));
          const actual = sorted(gold.apply(goldState, [{ offset, message }]).tables.flatMap(rowsOf));
          expect(actual.map((row, at) => rounded(row, expected[at]))).toEqual(expected);
          seen.corrected += expected.filter(({ revision }) => Number(revision) > 0).length;
          seen.metrics += expected.filter((row) => 'as_of' in row).length;
        }
        expect([...goldState.symbols.values()].map(({ name }) => name).sort()).toEqual(
          oracle.symbols().sort(),
        );
        expect(gold.symbols(goldState)).toBe(silver.symbols(silverState));
        expect(gold.clockUs(goldState)).toBe(silver.clockUs(silverState));
      }
      seen.outOfOrder += oracle.ticks.filter(({ inOrder }) => !inOrder).length;
      seen.letGo += oracle.letGo;
    };
    fc.assert(fc.property(fc.array(step, { minLength: 30, maxLength: 80 }), check), { numRuns: 150 });
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(10);
  });
});
