import type { TableBatch } from '../columns.js';
import type { LaneRecord } from '../layer.js';
import type { BronzeMessage, BronzeTicks, Side } from '../ticks.js';

/** A tick as tests write it; what is left out is null, `unknown`, or 0, and the record time is the event time. */
export interface TickRow {
  readonly symbol: string;
  readonly eventTimeUs: number;
  readonly price: number;
  readonly size?: number | null;
  readonly side?: Side | null;
  readonly tradeId?: string | null;
  readonly source?: string;
  readonly recordTimeUs?: number;
  readonly originPartition?: number;
  readonly originOffset?: number;
  readonly originIndex?: number;
}

/** The columns that bronze sends for some ticks. */
export function bronzeTicks(rows: readonly TickRow[]): BronzeTicks {
  const symbols = [...new Set(rows.map((row) => row.symbol))];
  const sources = [...new Set(rows.map(sourceOf))];
  return {
    n: rows.length,
    symbols,
    symbol: rows.map((row) => symbols.indexOf(row.symbol)),
    eventTimeUs: rows.map((row) => row.eventTimeUs),
    price: rows.map((row) => row.price),
    size: rows.map((row) => row.size ?? null),
    side: rows.map((row) => row.side ?? null),
    tradeId: rows.map((row) => row.tradeId ?? null),
    sources,
    source: rows.map((row) => sources.indexOf(sourceOf(row))),
    originPartition: rows.map((row) => row.originPartition ?? 0),
    originOffset: rows.map((row) => row.originOffset ?? 0),
    originIndex: rows.map((row) => row.originIndex ?? 0),
    recordTimeUs: rows.map((row) => row.recordTimeUs ?? row.eventTimeUs),
  };
}

/** Records of a lane from offset 0 on: each a list of ticks, or a marker's time. */
export function bronzeLane(messages: readonly (readonly TickRow[] | number)[]): LaneRecord<BronzeMessage>[] {
  return messages.map((message, offset) => ({
    offset,
    message:
      typeof message === 'number'
        ? { kind: 'marker', markerUs: message }
        : { kind: 'ticks', ticks: bronzeTicks(message) },
  }));
}

/** A batch's rows as objects, with null where the columns' encoding says null. */
export function rowsOf(batch: TableBatch | undefined): Record<string, string | number | boolean | null>[] {
  if (batch === undefined) return [];
  return Array.from({ length: batch.rows }, (_, row) =>
    Object.fromEntries(batch.columns.map(({ name, type, values }) => [name, decoded(type, values[row]!)])),
  );
}

function decoded(type: string, value: string | number | null): string | number | boolean | null {
  if (type === 'BOOLEAN') return value === 2 ? null : value === 1;
  return typeof value === 'number' && Number.isNaN(value) ? null : value;
}

function sourceOf(row: TickRow): string {
  return row.source ?? 'unknown';
}
