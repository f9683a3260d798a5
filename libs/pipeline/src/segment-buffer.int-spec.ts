import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDbLake } from '@engine/lake';
import { bronzeEvents, TableBuilder } from '@engine/medallion';
import type { TableBatch } from '@engine/medallion';

import { SegmentBuffer } from './segment-buffer.js';

const BATCHES = 12;
const ROWS = 500;
const TEXT = 8 * 1024;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'segment-buffer-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const textOf = (offset: number): string => String(offset).padEnd(TEXT, '·');

function batch(first: number): TableBatch {
  const builder = new TableBuilder(bronzeEvents);
  const { columns } = builder;
  for (let offset = first; offset < first + ROWS; offset++) {
    columns.record_offset.push(offset);
    columns.record_index.push(0);
    columns.record_time.push(1_700_000_000_000_000 + offset);
    columns.key.push(null);
    columns.raw.push(textOf(offset));
    columns.verdict.push('rejected');
    columns.reason.push('not_json');
    for (const name of ['symbol', 'side', 'trade_id', 'source'] as const) columns[name].push(null);
    for (const name of ['event_time', 'price', 'size'] as const) columns[name].push(null);
  }
  return builder.take();
}

it('cuts rows of long texts into segments that memory is enough for', async () => {
  const lake = await DuckDbLake.open({ folder });
  let next = 0;
  const cutNow = (): ReturnType<ConstructorParameters<typeof SegmentBuffer>[1]> => ({
    next,
    rules: 'r1',
    topic: 'stock-ticks#t1',
    watermark: null,
    lanes: null,
    through: null,
  });
  // All at once they are more than the database may have.
  const buffer = new SegmentBuffer(await lake.open(bronzeEvents, 0), cutNow, {
    maxRows: BATCHES * ROWS,
    maxMs: 3_600_000,
  });
  for (let at = 0; at < BATCHES; at++) {
    const rows = batch(next);
    next += ROWS;
    buffer.add(rows);
    await buffer.ready();
  }
  await buffer.flush();
  const stored = await lake.read(bronzeEvents, 0);
  const texts: unknown[] = [];
  for await (const rows of stored.scan(0, ['raw'])) texts.push(...rows.texts('raw'));
  lake.close();
  const segments = 4;
  const each = (BATCHES * ROWS) / segments;
  expect(stored.segments.map(({ first, rows }) => [first, rows])).toEqual(
    Array.from({ length: segments }, (_, at) => [at * each, each]),
  );
  expect(texts).toEqual(Array.from({ length: next }, (_, offset) => textOf(offset)));
});
