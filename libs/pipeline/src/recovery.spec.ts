import { silverMarkers, silverTicks } from '@engine/medallion';
import fc from 'fast-check';

import {
  closing,
  figures,
  input,
  LANES,
  newRun,
  quietRun,
  rules,
  start,
} from './testing/memory-run.contract.js';
import type { Run } from './testing/memory-run.contract.js';
import { RulesChangedError } from './recovery-errors.js';
import { MemoryPipeline, topics } from './testing.js';

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));
const turns = async (n: number): Promise<void> => {
  for (let i = 0; i < n; i++) await turn();
};

/** Delivers input rows [from, to) of `stock-ticks`. */
const deliver = ({ log }: Run, from: number, to: number): Promise<void> =>
  log.deliver(topics.stockTicks, ...input.slice(from, to));

/** A life that takes the rest of the input, closes what is open and stops cleanly. */
async function finish(run: Run, from: number): Promise<MemoryPipeline> {
  const pipeline = await start(run);
  await deliver(run, from, input.length);
  await run.log.deliver(topics.bronzeTicks, ...closing);
  await pipeline.stop();
  return pipeline;
}

/** A life that takes input rows [from, to) and stops cleanly. */
async function live(run: Run, from: number, to: number): Promise<void> {
  const pipeline = await start(run);
  for (let row = from; row < to; row += 20) await deliver(run, row, Math.min(row + 20, to));
  await pipeline.stop();
}

let expected: unknown;
beforeAll(async () => {
  expected = figures((await quietRun()).lake);
});
let run: Run;
beforeEach(async () => {
  run = await newRun();
});

const newest = (layer: string, lane = 0): number => run.snapshots.offsets(layer, lane)[0] ?? 0;

describe('a restart', () => {
  it('reads only what came after the newest snapshot', async () => {
    await live(run, 0, 120);
    const pipeline = await start(run);
    for (const [layer, topic] of [
      ['silver', topics.bronzeTicks],
      ['gold', topics.silverTicks],
    ] as const)
      for (let lane = 0; lane < LANES; lane++) {
        expect(newest(layer, lane)).toBe(run.log.records(topic, lane).length);
        expect(pipeline.startedAt.get(topic)?.get(lane)).toBe(newest(layer, lane));
      }
    await pipeline.stop();
  });

  it('works when the log does not reach back, as long as a snapshot does', async () => {
    await live(run, 0, 120);
    run.log.truncate(topics.bronzeTicks, 0, newest('silver'));
    await finish(run, 120);
    expect(figures(run.lake)).toEqual(expected);
  });

  it('passes over an unreadable snapshot for an older one, and says so', async () => {
    await live(run, 0, 120);
    const [damaged, older] = run.snapshots.offsets('silver', 0);
    run.snapshots.damage('silver', 0, damaged ?? 0);
    const passedOver: number[] = [];
    const pipeline = await start(run, {
      observer: { snapshotUnreadable: (_lane, offset) => passedOver.push(offset) },
    });
    expect(pipeline.startedAt.get(topics.bronzeTicks)?.get(0)).toBe(older);
    expect(passedOver).toEqual([damaged]);
    await pipeline.stop();
    await finish(run, 120);
    expect(figures(run.lake)).toEqual(expected);
  });

  it('processes the lane from its start when all snapshots are lost', async () => {
    await live(run, 0, 120);
    run.snapshots.loseAll();
    const pipeline = await finish(run, 120);
    expect(pipeline.startedAt.get(topics.bronzeTicks)).toEqual(new Map([[0, 0], [1, 0]])); // prettier-ignore
    expect(figures(run.lake)).toEqual(expected);
  });

  it('counts verdicts from the lane’s start', async () => {
    await live(run, 0, 120);
    const before = run.lake.rows('silver/ticks').length;
    const pipeline = await start(run);
    const counted = (await pipeline.statuses('silver')).flatMap(({ verdicts }) => Object.values(verdicts));
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(before);
    await pipeline.stop();
  });
});

it('tells of a checkpoint when a restart would go on there, and not before', async () => {
  const early: string[] = [];
  const told = new Set<number>();
  const checkpointed = (lane: number, offset: number): void => {
    const reached = [...bronzeEnds(), newest('silver', lane), newest('gold', lane)];
    if (!reached.includes(offset)) early.push(`${offset}, where there are ${reached.join()}`);
    told.add(offset);
  };
  const bronzeEnds = (): number[] => run.lake.footers('bronze/events').map(({ next }) => next);
  const pipeline = await start(run, { observer: { checkpointed } });
  for (let row = 0; row < input.length; row += 20) await deliver(run, row, row + 20);
  await pipeline.stop();
  expect(early).toEqual([]);
  expect([...told]).toEqual(expect.arrayContaining(bronzeEnds()));
  for (let lane = 0; lane < LANES; lane++)
    for (const layer of ['silver', 'gold'] as const) expect(told).toContain(newest(layer, lane));
});

it('chain-contiguous: a segment without rows is only there where a snapshot was made', async () => {
  const offsets = new Set<number>();
  const pipeline = await start(run, {
    observer: { snapshotWritten: (lane) => offsets.add(newest('silver', lane)) },
    limits: { maxRows: 2, maxMs: 3_600_000 },
  });
  for (let row = 0; row < input.length; row += 10) await deliver(run, row, row + 10);
  await pipeline.stop();
  const empty = run.lake.footers('silver/markers').filter(({ rows }) => rows === 0);
  expect(empty.length).toBeGreaterThan(1);
  expect(empty.filter(({ next }) => !offsets.has(next))).toEqual([]);

  const without = await newRun();
  const other = await MemoryPipeline.start({ log: without.log, lake: without.lake, lanes: LANES, rules });
  await deliver(without, 0, input.length);
  await other.stop();
  expect(without.lake.footers('silver/markers')).toEqual([]);
  expect(without.lake.footers('silver/ticks')).not.toEqual([]);
});

it('does not hold up the lane while a snapshot waits for its segments', async () => {
  const pipeline = await start(run, { limits: { maxRows: 1_000, maxMs: 3_600_000 } });
  const release = pipeline.life.hold('publish silver/');
  await deliver(run, 0, 60);
  await deliver(run, 60, 120);
  expect(run.snapshots.offsets('silver', 0)).toEqual([]);
  expect(run.log.records(topics.silverTicks).length).toBeGreaterThan(2);
  release();
  await pipeline.stop();
  expect(newest('silver')).toBe(run.log.records(topics.bronzeTicks, 0).length);
});

describe('counterexamples of the lane protocol', () => {
  it('S1: a snapshot is the state and the high-water vector at the cut, however late it is written', async () => {
    const pipeline = await start(run, { limits: { maxRows: 1_000, maxMs: 3_600_000 } });
    const release = pipeline.life.hold('publish silver/');
    await deliver(run, 0, 60);
    const cut = run.log.records(topics.bronzeTicks, 0).length;
    await deliver(run, 60, 120);
    pipeline.life.killAtStep(LANES, 'after', 'snapshot silver');
    release();
    await turns(20);
    expect(pipeline.life.isOver).toBe(true);
    await pipeline.stop();

    expect(newest('silver')).toBeLessThan(run.log.records(topics.bronzeTicks, 0).length);
    expect(newest('silver')).toBeLessThanOrEqual(cut);
    await finish(run, 120);
    expect(figures(run.lake)).toEqual(expected);
  });

  it('S2: a snapshot above the end of a table is of no use: its rows would be in no file', async () => {
    await live(run, 0, 120);
    const [, usable = 0] = run.snapshots.offsets('silver', 0);
    while ((await run.lake.open(silverTicks, 0)).end > usable) run.lake.loseLast('silver/ticks', 0);
    const chainEnd = (await run.lake.open(silverTicks, 0)).end;
    const pipeline = await finish(run, 120);
    expect(pipeline.startedAt.get(topics.bronzeTicks)?.get(0)).toBeLessThanOrEqual(chainEnd);
    expect(figures(run.lake)).toEqual(expected);
  });

  it('S3: snapshots above the end of a table do not push out the one that can be used', async () => {
    await live(run, 0, 120);
    const above = run.snapshots.offsets('silver', 0);
    expect(above).toHaveLength(3);
    while ((await run.lake.open(silverMarkers, 0)).end >= Math.min(...above))
      run.lake.loseLast('silver/markers', 0);
    const one = { batches: { maxRecords: 1, maxBytes: 1 } };
    const first = await start(run, one);
    first.life.killAtStep(2, 'after', 'prune silver');
    await turns(100);
    await first.stop();

    const usable = run.snapshots.offsets('silver', 0).filter((offset) => !above.includes(offset));
    expect(usable).not.toEqual([]);
    const second = await finish(run, 120);
    expect(second.startedAt.get(topics.bronzeTicks)?.get(0)).toBe(Math.max(...usable));
    expect(figures(run.lake)).toEqual(expected);
  });

  it('E2: no snapshot before everything below it is acknowledged', async () => {
    const pipeline = await start(run);
    await deliver(run, 0, 60);
    await turns(20);
    const before = run.snapshots.offsets('silver', 0);
    expect(before).not.toEqual([]);
    const release = pipeline.life.hold(`send ${topics.silverTicks}`);
    const delivered = deliver(run, 60, 120);
    await turns(50);
    expect(run.snapshots.offsets('silver', 0)).toEqual(before);
    pipeline.life.kill();
    release();
    await delivered;
    await pipeline.stop();
    await finish(run, 120);
    expect(figures(run.lake)).toEqual(expected);
  });
});

it('no-row-lost, no-row-twice: killed before or after any send, publish, snapshot and pruning', async () => {
  const steps = ['send ', 'publish ', 'snapshot ', 'prune ', 'publish silver/', 'snapshot gold', ''];
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          records: fc.integer({ min: 1, max: 80 }),
          step: fc.constantFrom(...steps),
          n: fc.integer({ min: 1, max: 15 }),
          when: fc.constantFrom('before' as const, 'after' as const),
          snapshotMs: fc.constantFrom(0, 3_600_000),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      async (lives) => {
        const some = await newRun();
        let from = 0;
        for (const { records, step, n, when, snapshotMs } of lives) {
          const pipeline = await start(some, { snapshotMs });
          pipeline.life.killAtStep(n, when, step);
          for (const to = from + records; from < to; from = Math.min(from + 20, to))
            await deliver(some, from, Math.min(from + 20, to));
          await pipeline.stop();
        }
        await finish(some, from);
        expect(figures(some.lake)).toEqual(expected);
      },
    ),
    { numRuns: 60 },
  );
});

describe('another version of the rules', () => {
  it('goes on where the old one was stopped cleanly', async () => {
    await live(run, 0, 120);
    const upgraded = await start(run, { version: 'next' });
    await deliver(run, 120, input.length);
    await run.log.deliver(topics.bronzeTicks, ...closing);
    await upgraded.stop();
    expect(figures(run.lake)).toEqual(expected);
    expect(run.lake.footers('silver/ticks').at(-1)?.rules).toBe('next');
  });

  it('goes on after a crash of its own, and then refuses the old one', async () => {
    await live(run, 0, 120);
    const upgraded = await start(run, { version: 'next' });
    upgraded.life.killAtStep(1, 'before', 'publish silver/');
    await deliver(run, 120, 180);
    upgraded.life.kill();
    await upgraded.stop();
    await expect(start(run)).rejects.toThrow(RulesChangedError);
    const again = await start(run, { version: 'next' });
    await deliver(run, 180, input.length);
    await run.log.deliver(topics.bronzeTicks, ...closing);
    await again.stop();
    expect(figures(run.lake)).toEqual(expected);
  });

  it('is refused after an unclean end, with the version to run once', async () => {
    const killed = await start(run);
    await deliver(run, 0, 120);
    // Everything is published and in a snapshot: but whether more was sent, nobody can tell.
    await turns(20);
    killed.life.kill();
    await killed.stop();
    const refusal = await start(run, { version: 'next' }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RulesChangedError);
    expect(refusal).toMatchObject({ before: 'test', now: 'next', exitCode: 78 });
    await live(run, 120, 120);
    await (await start(run, { version: 'next' })).stop();
  });

  it('is refused when more was sent than the clean end tells of', async () => {
    await live(run, 0, 120);
    const after = await start(run);
    after.life.killAtStep(1, 'before', 'publish silver/');
    await deliver(run, 120, 180);
    after.life.kill();
    await after.stop();
    await expect(start(run, { version: 'next' })).rejects.toThrow(RulesChangedError);
  });

  it('is refused where there is no snapshot to go on from: the same rows would be decided a second time', async () => {
    await live(run, 0, 120);
    run.snapshots.loseAll();
    await expect(start(run, { version: 'next' })).rejects.toThrow(RulesChangedError);
  });

  it('is refused where the state does not fit its settings', async () => {
    await live(run, 0, 120);
    const other = { version: 'next', rules: { ...rules, allowedLatenessUs: 1 } };
    await expect(start(run, other)).rejects.toThrow(/state does not fit/);
  });
});
