import { parseBarInterval } from '@engine/window';
import { MemoryChainStore, MemorySnapshotStore } from '@engine/lake/testing';
import type { MemoryRow } from '@engine/lake/testing';
import { MemoryLog } from '@engine/stream/testing';
import type { OutgoingRecord } from '@engine/stream/ports';

import { MemoryPipeline, topics } from '../testing.js';
import type { MemoryPipelineOptions } from '../testing.js';

export const LANES = 2;
export const rules = {
  allowedLatenessUs: 5_000_000,
  // The memory log's clock is not that of the ticks.
  maxFutureUs: Number.MAX_SAFE_INTEGER,
  silverRows: 5,
  windowUs: 4_000_000,
  windowSlideUs: 2_000_000,
  barIntervals: ['1s', '1m'].map((name) => parseBarInterval(name)),
  maxSymbols: 100,
  dedupWithoutId: 'never' as const,
};

/** Ticks of five symbols, some twice, some bad, some a little out of order; 12 s of event time in all. */
export const input: readonly OutgoingRecord[] = Array.from({ length: 240 }, (_, row): OutgoingRecord => {
  const symbol = `S${row % 5}`;
  const id = row % 17 === 16 ? row - 5 : row;
  const timestamp = 1_700_000_000_000 + id * 50 - (id % 7 === 0 ? 400 : 0);
  const tick = { ticker: symbol, price: 100 + Math.sin(id) * 3, timestamp, size: (id % 9) + 1, id };
  return {
    partition: (row * 7) % 3,
    key: symbol,
    value: row % 23 === 22 ? 'not json' : JSON.stringify(tick),
  };
});

/** A log and a lake, for as many lives of the pipeline as a test wants. */
export interface Run {
  readonly log: MemoryLog;
  readonly lake: MemoryChainStore;
  readonly snapshots: MemorySnapshotStore;
}

export async function newRun(): Promise<Run> {
  const run = {
    log: new MemoryLog(),
    lake: new MemoryChainStore(),
    snapshots: new MemorySnapshotStore(),
  };
  await MemoryPipeline.ensureTopics(run.log, LANES, 3);
  return run;
}

/** A life with snapshots after every batch, small batches and small segments. */
export const start = (run: Run, options: Partial<MemoryPipelineOptions> = {}): Promise<MemoryPipeline> =>
  MemoryPipeline.start({
    ...run,
    lanes: LANES,
    rules,
    limits: { maxRows: 7, maxMs: 3_600_000 },
    batches: { maxRecords: 11, maxBytes: 1e9 },
    ...options,
  });

/** What must be the same however the input came through; coordinates and the number of revisions need not be. */
export function figures(lake: Pick<MemoryChainStore, 'rows'>): unknown {
  const without = (row: MemoryRow, ...names: string[]): MemoryRow =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
  const sorted = (rows: readonly MemoryRow[]): string[] => rows.map((row) => JSON.stringify(row)).sort();
  const newest = (table: string, key: (row: MemoryRow) => string): MemoryRow[] => [
    ...new Map(lake.rows(table).map((row) => [key(row), row])).values(),
  ];
  const coordinates = [
    'lane_offset',
    'lane_index',
    'first_offset',
    'last_offset',
    'revision',
    'closed_at',
    'record_time',
  ];
  return {
    events: sorted(lake.rows('bronze/events').map((row) => without(row, 'record_time'))),
    ticks: sorted(lake.rows('silver/ticks').map((row) => without(row, ...coordinates))),
    windows: sorted(
      newest('silver/windows', (row) => `${row['symbol']} ${row['window_start']}`).map((row) =>
        without(row, ...coordinates),
      ),
    ),
    bars: sorted(
      newest('gold/bars', (row) => `${row['symbol']} ${row['interval']} ${row['start']}`).map((row) =>
        without(row, ...coordinates),
      ),
    ),
  };
}

/** The marker that `--until-idle` would have appended. */
export const closing = Array.from({ length: LANES }, (_, partition): OutgoingRecord => ({
  partition,
  value: '{"v":1,"marker":1700000090000000}',
}));

export async function quietRun(): Promise<Run> {
  const run = await newRun();
  const pipeline = await start(run);
  await run.log.deliver(topics.stockTicks, ...input);
  await run.log.deliver(topics.bronzeTicks, ...closing);
  await pipeline.stop();
  return run;
}
