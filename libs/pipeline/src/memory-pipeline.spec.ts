import { parseBarInterval } from '@engine/window';
import { MemoryChainStore } from '@engine/lake/testing';
import type { MemoryRow } from '@engine/lake/testing';
import { MemoryLog } from '@engine/stream/testing';
import type { OutgoingRecord } from '@engine/stream/ports';
import fc from 'fast-check';

import { MemoryPipeline, topics } from './testing.js';

const LANES = 2;
const rules = {
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
const input: readonly OutgoingRecord[] = Array.from({ length: 240 }, (_, row): OutgoingRecord => {
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

interface Run {
  readonly log: MemoryLog;
  readonly lake: MemoryChainStore;
}

async function newRun(): Promise<Run> {
  const run = { log: new MemoryLog(), lake: new MemoryChainStore() };
  await MemoryPipeline.ensureTopics(run.log, LANES, 3);
  return run;
}

const start = ({ log, lake }: Run, maxRows = 7, maxRecords = 11): Promise<MemoryPipeline> =>
  MemoryPipeline.start({
    log,
    lake,
    lanes: LANES,
    rules,
    limits: { maxRows, maxMs: 3_600_000 },
    batches: { maxRecords, maxBytes: 1e9 },
  });

/** What must be the same however the input came through; coordinates and the number of revisions need not be. */
function figures(lake: MemoryChainStore): unknown {
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
const closing = Array.from({ length: LANES }, (_, partition): OutgoingRecord => ({
  partition,
  value: '{"v":1,"marker":1700000090000000}',
}));

async function quietRun(): Promise<Run> {
  const run = await newRun();
  const pipeline = await start(run);
  await run.log.deliver(topics.stockTicks, ...input);
  await run.log.deliver(topics.bronzeTicks, ...closing);
  await pipeline.stop();
  return run;
}

describe('the pipeline over a log and a lake in memory', () => {
  it('ledger-balanced: every record is in bronze, every accepted one in silver, every one accepted there in a bar', async () => {
    const { lake } = await quietRun();
    const events = lake.rows('bronze/events');
    const ticks = lake.rows('silver/ticks');
    const accepted = ticks.filter((row) => row['verdict'] === 'accepted');
    const inBars = lake.rows('gold/bars').filter((row) => row['interval'] === '1s' && row['revision'] === 0);
    expect(events).toHaveLength(input.length);
    expect(ticks).toHaveLength(events.filter((row) => row['verdict'] === 'accepted').length);
    expect(accepted.length).toBeLessThan(ticks.length);
    expect(inBars.reduce((sum, row) => sum + Number(row['ticks']), 0)).toBe(accepted.length);
  });

  it('replay-equals-live: other batches and other segments give the same rows', async () => {
    const quiet = await quietRun();
    const other: Run = { log: quiet.log, lake: new MemoryChainStore() };
    const pipeline = await start(other, 1_000, 3);
    await other.log.settled();
    await pipeline.stop();
    for (const table of ['silver/ticks', 'silver/markers', 'silver/windows', 'gold/bars', 'gold/metrics']) {
      expect(other.lake.rows(table)).toEqual(quiet.lake.rows(table));
      expect(other.lake.footers(table).length).not.toBe(0);
    }
    expect(figures(other.lake)).toEqual(figures(quiet.lake));
  });

  it('clean-stop-loses-nothing: a second start sends nothing twice and goes on where the first ended', async () => {
    const quiet = await quietRun();
    const run = await newRun();
    for (let from = 0; from < input.length; from += 60) {
      const pipeline = await start(run);
      await run.log.deliver(topics.stockTicks, ...input.slice(from, from + 60));
      await pipeline.stop();
    }
    const pipeline = await start(run);
    await run.log.deliver(topics.bronzeTicks, ...closing);
    await pipeline.stop();
    expect(figures(run.lake)).toEqual(figures(quiet.lake));
    expect(run.log.records(topics.silverTicks).length).toBeLessThanOrEqual(
      run.log.records(topics.bronzeTicks).length,
    );
  });

  it('no-row-lost, no-row-twice: killed at any send, with any part of it landing', async () => {
    const expected = figures((await quietRun()).lake);
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            records: fc.integer({ min: 1, max: 80 }),
            atSend: fc.integer({ min: 1, max: 12 }),
            lands: fc.integer({ min: 0, max: 3 }),
          }),
          { minLength: 1, maxLength: 6 },
        ),
        async (lives) => {
          const run = await newRun();
          let from = 0;
          for (const { records, atSend, lands } of lives) {
            const pipeline = await start(run);
            pipeline.life.killAtSend(atSend, ({ partition }) => ((lands >> partition) & 1) === 1);
            await run.log.deliver(topics.stockTicks, ...input.slice(from, from + records));
            from += records;
            pipeline.life.kill();
            await pipeline.stop();
          }
          const last = await start(run);
          await run.log.deliver(topics.stockTicks, ...input.slice(from));
          await run.log.deliver(topics.bronzeTicks, ...closing);
          await last.stop();
          expect(figures(run.lake)).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);

  it('sends the same rows again after an unknown outcome, and nothing later before', async () => {
    const expected = figures((await quietRun()).lake);
    const run = await newRun();
    const pipeline = await start(run);
    for (let row = 0; row < input.length; row += 20) {
      run.log.failNextSend(({ partition }) => partition === 0);
      await run.log.deliver(topics.stockTicks, ...input.slice(row, row + 20));
    }
    await run.log.deliver(topics.bronzeTicks, ...closing);
    await pipeline.stop();
    expect(figures(run.lake)).toEqual(expected);
  });
});
