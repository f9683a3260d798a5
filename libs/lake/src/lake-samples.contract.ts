import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silverTicks, TableBuilder } from '@engine/medallion';
import type { TableBatch } from '@engine/medallion';
import type { SegmentDraft } from './ports.js';

/** A table with every column type, each but INTEGER nullable. */
export const everyType = {
  name: 'silver/every',
  columns: {
    big: 'BIGINT',
    whole: 'INTEGER',
    at: 'TIMESTAMP',
    price: 'DOUBLE',
    flag: 'BOOLEAN',
    text: 'VARCHAR',
    repeated: 'VARCHAR',
  },
} as const;

export interface EveryTypeRow {
  readonly big: number | null;
  readonly whole: number;
  readonly at: number | null;
  readonly price: number | null;
  readonly flag: boolean | null;
  readonly text: string | null;
  readonly repeated: string | null;
}

export function everyTypeBatch(rows: readonly EveryTypeRow[]): TableBatch {
  const builder = new TableBuilder(everyType);
  for (const row of rows) {
    builder.columns.big.push(row.big);
    builder.columns.whole.push(row.whole);
    builder.columns.at.push(row.at);
    builder.columns.price.push(row.price);
    builder.columns.flag.push(row.flag);
    builder.columns.text.push(row.text);
    builder.columns.repeated.push(row.repeated);
  }
  return builder.take();
}

/** Accepted ticks, one a lane offset, from `first` on; the price says which offset it was. */
export function ticks(first: number, count: number): TableBatch {
  const builder = new TableBuilder(silverTicks);
  const { columns } = builder;
  for (let offset = first; offset < first + count; offset++) {
    columns.lane_offset.push(offset);
    columns.lane_index.push(0);
    columns.symbol.push(`SYM${offset % 7}`);
    columns.event_time.push(1_700_000_000_000_000 + offset * 1000);
    columns.price.push(100 + offset / 4);
    columns.size.push(offset % 3 === 0 ? null : 100);
    columns.side.push(offset % 2 === 0 ? 'buy' : null);
    columns.trade_id.push(`t${offset}`);
    columns.source.push('synthetic');
    columns.origin_partition.push(1);
    columns.origin_offset.push(offset * 2);
    columns.origin_index.push(0);
    columns.verdict.push('accepted');
    columns.in_order.push(true);
    columns.log_return.push(offset === 0 ? null : 0.001);
    columns.sma.push(100);
    columns.volatility.push(null);
    columns.record_time.push(1_700_000_000_000_500 + offset * 1000);
  }
  return builder.take();
}

/** A draft of the offsets up to `next`, out of batches. */
export const draft = (next: number, ...batches: readonly TableBatch[]): SegmentDraft => ({
  next,
  batches,
  rules: 'r1',
  topic: 'bronze-ticks#t1',
  watermark: null,
  lanes: null,
  through: null,
});

/** Runs with a folder of its own, which is gone afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'lake-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
