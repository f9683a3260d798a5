import { encodeSilverMessages } from '@engine/contracts';
import { bronzeEvents, goldBars, goldMetrics, laneOf, silverTicks, TableBuilder } from '@engine/medallion';
import type { BarUpdate, MetricsUpdate, SilverMessage, TableBatch, TableSchema } from '@engine/medallion';

/** 2024-03-01T09:30:00Z, µs. */
export const OPENING_US = Date.UTC(2024, 2, 1, 9, 30) * 1000;
export const MINUTE_US = 60_000_000;

/** A bar of AAPL at 1m that closed two minutes after its end, but for what the test says. */
export function barUpdate(differently: Partial<BarUpdate> = {}): BarUpdate {
  const start = differently.start ?? OPENING_US;
  return {
    type: 'bar',
    state: 'final',
    symbol: 'AAPL',
    interval: '1m',
    start,
    revision: 0,
    open: 100,
    high: 102,
    low: 99,
    close: 101,
    volume: 10,
    vwap: 100.5,
    ticks: 4,
    first_offset: 0,
    last_offset: 3,
    closed_at: start + 3 * MINUTE_US,
    lane_offset: 3,
    lane_index: 0,
    ...differently,
  };
}

/** A bar that is still open. */
export const openBar = (differently: Partial<BarUpdate> = {}): BarUpdate =>
  barUpdate({ state: 'provisional', closed_at: null, ...differently });

export const metricsUpdate = (differently: Partial<MetricsUpdate> = {}): MetricsUpdate => ({
  type: 'metrics',
  symbol: 'AAPL',
  as_of: OPENING_US,
  ticks: 4,
  last_price: 101,
  avg_sma: 100.5,
  avg_volatility: 0.5,
  vwap: 100.5,
  volume: 10,
  high: 102,
  low: 99,
  realized_volatility: 0.01,
  max_drawdown: -0.02,
  lane_offset: 3,
  lane_index: 0,
  ...differently,
});

interface Pushed {
  push(value: unknown): void;
}

/** Rows of a table from objects that have its columns among their properties. */
export function batchOf(schema: TableSchema, rows: readonly object[]): TableBatch {
  const builder = new TableBuilder(schema);
  for (const row of rows) {
    const values = new Map<string, unknown>(Object.entries(row));
    for (const [name, column] of Object.entries(builder.columns) as [string, Pushed][])
      column.push(values.get(name) ?? null);
  }
  return builder.take();
}

export const barRows = (...bars: readonly BarUpdate[]): TableBatch => batchOf(goldBars, bars);
export const metricsRows = (...metrics: readonly MetricsUpdate[]): TableBatch =>
  batchOf(goldMetrics, metrics);

/** A row of silver/ticks, of AAPL and accepted unless it says otherwise. */
export interface Tick {
  readonly symbol?: string;
  readonly event_time: number;
  readonly price: number;
  readonly lane_offset: number;
  readonly lane_index?: number;
  readonly verdict?: string;
  readonly source?: string;
  readonly record_time?: number;
  readonly origin_partition?: number;
  readonly origin_offset?: number;
}

export const tickRows = (...ticks: readonly Tick[]): TableBatch =>
  batchOf(
    silverTicks,
    ticks.map((tick) => ({
      symbol: 'AAPL',
      lane_index: 0,
      origin_partition: 0,
      origin_offset: tick.lane_offset,
      origin_index: 0,
      verdict: 'accepted',
      record_time: tick.event_time,
      ...tick,
    })),
  );

/** The message by which silver tells of ticks in AAPL's lane. */
export function silverRecord(...ticks: readonly Tick[]): { partition: number; value: string } {
  const column = <T>(of: (tick: Tick) => T): readonly T[] => ticks.map(of);
  const none = column(() => null);
  const message: SilverMessage = {
    kind: 'ticks',
    ticks: {
      n: ticks.length,
      symbols: column(({ symbol = 'AAPL' }) => symbol),
      symbol: ticks.map((_, row) => row),
      eventTimeUs: column(({ event_time }) => event_time),
      price: column(({ price }) => price),
      size: none,
      inOrder: column(() => true),
      sma: column(({ price }) => price),
      volatility: none,
      logReturn: none,
      laneOffset: column(({ lane_offset }) => lane_offset),
      laneIndex: column(({ lane_index = 0 }) => lane_index),
      recordTimeUs: column(({ record_time, event_time }) => record_time ?? event_time),
    },
  };
  const [value = ''] = encodeSilverMessages([message], null).values;
  return { partition: laneOf('AAPL', 4), value };
}

/** A row of bronze/events that was refused, unless it says otherwise. */
export interface Event {
  readonly record_offset: number;
  readonly record_index?: number;
  readonly record_time: number;
  readonly raw?: string | null;
  readonly verdict?: string;
  readonly reason?: string | null;
}

export const eventRows = (...events: readonly Event[]): TableBatch =>
  batchOf(
    bronzeEvents,
    events.map((event) => ({ record_index: 0, verdict: 'invalid', reason: 'not_json', ...event })),
  );
