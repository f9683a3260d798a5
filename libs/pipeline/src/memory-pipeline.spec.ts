import { MemoryChainStore, MemorySnapshotStore } from '@engine/lake/testing';
import fc from 'fast-check';

import { closing, figures, input, newRun, quietRun, start } from './testing/memory-run.contract.js';
import type { Run } from './testing/memory-run.contract.js';
import { topics } from './testing.js';

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
    const other: Run = {
      log: quiet.log,
      lake: new MemoryChainStore(),
      snapshots: new MemorySnapshotStore(),
    };
    const pipeline = await start(other, {
      limits: { maxRows: 1_000, maxMs: 3_600_000 },
      batches: { maxRecords: 3, maxBytes: 1e9 },
    });
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

  it('publishes what waits when a stop is announced, and goes on as if nothing had been', async () => {
    const quiet = await quietRun();
    const run = await newRun();
    const pipeline = await start(run, { limits: { maxRows: 1_000_000, maxMs: 3_600_000 } });
    await run.log.deliver(topics.stockTicks, ...input.slice(0, 60));
    await run.log.settled();
    await pipeline.publish();
    expect(run.lake.rows('bronze/events')).toHaveLength(60);
    expect(run.lake.rows('silver/ticks')).not.toHaveLength(0);
    await run.log.deliver(topics.stockTicks, ...input.slice(60));
    await run.log.settled();
    await run.log.deliver(topics.bronzeTicks, ...closing);
    await pipeline.stop();
    expect(figures(run.lake)).toEqual(figures(quiet.lake));
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
  });

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
