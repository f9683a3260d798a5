import type { StoredChain } from '@engine/lake/ports';
import { MemoryChainStore, MemorySnapshotStore } from '@engine/lake/testing';
import type { TableSchema } from '@engine/medallion';
import type { OutgoingRecord } from '@engine/stream/ports';
import { OffsetOutOfRangeError } from '@engine/stream/ports';
import { MemoryLog } from '@engine/stream/testing';
import fc from 'fast-check';

import { LayerRunner } from './layer-runner.js';
import { HistoryDiffersError, LaneHistoryLostError, RulesChangedError } from './recovery-errors.js';
import { silverWiring } from './silver-lane.js';
import { closing, input, LANES, newRun, rules, start } from './testing/memory-run.contract.js';
import type { Run } from './testing/memory-run.contract.js';
import type { MemoryPipeline, MemoryPipelineOptions } from './testing.js';
import { topics } from './testing.js';

const TABLES = ['silver/ticks', 'silver/markers', 'silver/windows', 'gold/bars', 'gold/metrics'];
const NOW_MS = 1_700_000_000_000;
const WITHOUT_SNAPSHOTS = { snapshotMs: 3_600_000 };

const turns = async (n: number): Promise<void> => {
  for (let i = 0; i < n; i++) await new Promise((done) => setImmediate(done));
};

/** What bronze has sent, markers in between: silver's input, the same for every run. */
let sent: readonly OutgoingRecord[];
/** What a run without any disturbance made of it. */
let expected: unknown;

beforeAll(async () => {
  const first = await newRun();
  const bronze = await start(first);
  for (let row = 0; row < input.length; row += 12) {
    await first.log.deliver(topics.stockTicks, ...input.slice(row, row + 12));
    const marker = `{"v":1,"marker":${1_700_000_000_000_000 + row * 50_000}}`;
    if (row % 36 === 0)
      await first.log.deliver(topics.bronzeTicks, { partition: row % LANES, value: marker });
  }
  await first.log.deliver(topics.bronzeTicks, ...closing);
  await bronze.stop();
  sent = [...first.log.records(topics.bronzeTicks)]
    .sort((one, other) => one.offset - other.offset)
    .map(({ partition, value }) => ({ partition, value }));
  const quiet = await newLanes();
  expected = (await finish(quiet, 0)).outcome;
});

/** Remembers from which offsets on it was read. */
class WatchedLake extends MemoryChainStore {
  readonly scannedFrom: number[] = [];

  override async read(table: TableSchema, lane: number): Promise<StoredChain> {
    const stored = await super.read(table, lane);
    const scan: StoredChain['scan'] = (from, columns) => {
      if (columns.includes('symbol')) this.scannedFrom.push(from);
      return stored.scan(from, columns);
    };
    return { ...stored, scan };
  }
}

interface LanesRun extends Run {
  readonly lake: WatchedLake;
}

/** A log whose clock stands still: `record_time` comes with the rows, and the rest depends on no time. */
async function newLanes(): Promise<LanesRun> {
  const log = new MemoryLog({ clock: () => NOW_MS });
  for (const [role, name] of Object.entries<string>({ ...topics }))
    await log.ensureTopic({ name, partitions: role === 'stockTicks' ? 3 : LANES });
  return { log, lake: new WatchedLake(), snapshots: new MemorySnapshotStore() };
}

async function deliver({ log }: Run, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += 7)
    await log.deliver(topics.bronzeTicks, ...sent.slice(at, Math.min(at + 7, to)));
  await log.settled();
}

/** A life that takes input [from, to) and stops cleanly. */
async function live(
  run: Run,
  from: number,
  to: number,
  options?: Partial<MemoryPipelineOptions>,
): Promise<void> {
  const pipeline = await start(run, options);
  await deliver(run, from, to);
  await pipeline.stop();
}

async function finish(run: Run, from: number): Promise<{ pipeline: MemoryPipeline; outcome: unknown }> {
  const pipeline = await start(run);
  await deliver(run, from, sent.length);
  const ledger: unknown[] = [];
  for (const layer of ['silver', 'gold'] as const)
    for (const { lane, verdicts } of await pipeline.statuses(layer)) ledger.push({ layer, lane, verdicts });
  await pipeline.stop();
  return { pipeline, outcome: { tables: contents(run.lake), ledger } };
}

/** All rows and the sums of the segments' hashes, all columns included, whatever the segments are. */
const contents = (lake: MemoryChainStore): unknown =>
  TABLES.map((table) => ({
    table,
    rows: lake.rows(table),
    content: BigInt.asUintN(
      64,
      lake.footers(table).reduce((sum, { content }) => sum + BigInt(content), 0n),
    ),
  }));

const endOf = async ({ lake }: Run, table: string, lane: number): Promise<number> =>
  (await lake.open({ name: table, columns: {} }, lane)).end;

/** Below this offset of silver's lane ticks and markers are both published. */
const publishedTo = async (run: Run, lane: number): Promise<number> =>
  Math.min(await endOf(run, 'silver/ticks', lane), await endOf(run, 'silver/markers', lane));

/** How many records of silver-ticks have no row at or above an offset of silver's lane. */
function recordsBelow({ log }: Run, lane: number, offset: number): number {
  const above = log.records(topics.silverTicks, lane).find(({ value }) => {
    const message = JSON.parse(String(value)) as { o: number | number[] };
    return Math.max(...[message.o].flat()) >= offset;
  });
  return above?.offset ?? rangeEnd(log.records(topics.silverTicks, lane));
}

const rangeEnd = (records: readonly { offset: number }[]): number => (records.at(-1)?.offset ?? -1) + 1;

/** Retention: the log forgets as much of both lanes as the lake makes up for. */
async function trim(run: Run, part = 1): Promise<void> {
  for (let lane = 0; lane < LANES; lane++) {
    const known = await publishedTo(run, lane);
    const cut = Math.floor(recordsBelow(run, lane, known) * part);
    run.log.truncate(topics.silverTicks, lane, cut);
    run.log.truncate(topics.bronzeTicks, lane, Math.floor(known * part));
  }
}

const starts = async ({ log }: Run, topic: string): Promise<readonly number[]> =>
  (await log.offsetRanges(topic)).map((range) => range.start);

let run: LanesRun;
beforeEach(async () => {
  run = await newLanes();
});

describe('a lane that the log does not reach back to', () => {
  it.each([0.2, 0.5, 0.8, 1])('is rebuilt from the lake: the log lost %d of it', async (part) => {
    await live(run, 0, 60);
    run.snapshots.loseAll();
    await trim(run, part);
    expect(Math.min(...(await starts(run, topics.bronzeTicks)), ...(await starts(run, topics.silverTicks)))).toBeGreaterThan(0); // prettier-ignore
    const { outcome } = await finish(run, 60);
    expect(outcome).toEqual(expected);
  });

  it('is rebuilt from a snapshot and the rest from the lake, where the snapshot is older than the log', async () => {
    await live(run, 0, 30);
    const old = new MemorySnapshotStore();
    for (const layer of ['silver', 'gold'])
      for (let lane = 0; lane < LANES; lane++) {
        const [offset = 0] = run.snapshots.offsets(layer, lane);
        const snapshot = await (await run.snapshots.open(layer, lane)).read(offset);
        await (await old.open(layer, lane)).write({ ...snapshot, isFinal: false });
      }
    await live(run, 30, 60);
    await trim(run);
    run.lake.scannedFrom.length = 0;
    const snapshots = [0, 1].map((lane) => old.offsets('silver', lane)[0]);
    const { outcome } = await finish({ ...run, snapshots: old }, 60);
    expect(outcome).toEqual(expected);
    expect(run.lake.scannedFrom).toEqual(expect.arrayContaining(snapshots) as unknown);
    expect(run.lake.scannedFrom).not.toContain(0);
  });

  it('goes on at the offset up to which the lake knows everything', async () => {
    await live(run, 0, 60);
    run.snapshots.loseAll();
    const known = await Promise.all([publishedTo(run, 0), publishedTo(run, 1)]);
    await trim(run);
    const pipeline = await start(run);
    expect(pipeline.startedAt.get(topics.bronzeTicks)).toEqual(
      new Map(known.map((end, lane) => [lane, end])),
    );
    const next = known.map((end, lane) => [lane, recordsBelow(run, lane, end)] as const);
    expect(pipeline.startedAt.get(topics.silverTicks)).toEqual(new Map(next));
    await pipeline.stop();
  });

  it('knows when its last record came, so that an idle market still gets its markers', async () => {
    await live(run, 0, 60);
    run.snapshots.loseAll();
    for (let lane = 0; lane < LANES; lane++) {
      run.log.truncate(topics.bronzeTicks, lane, (await publishedTo(run, lane)) - 1);
      expect(rangeEnd(run.log.records(topics.bronzeTicks, lane))).toBe(await publishedTo(run, lane));
    }
    const { log, lake } = run;
    const context = { log, lake, limits: { maxRows: 7, maxMs: 3_600_000 }, rules: 'test', observer: {} };
    let looks = 0;
    const companion = { processed: () => (looks += 1), close: () => Promise.resolve() };
    const silver = new LayerRunner(silverWiring(topics, rules), context, () => companion);
    await silver.assigned([0, 1], () => undefined);
    expect(silver.runners.map(({ lastRecordTimeMs }) => lastRecordTimeMs)).toEqual([NOW_MS, NOW_MS]);
    expect(looks).toBe(LANES);
    await silver.revoked([0, 1]);
  });

  it('no-row-twice: chains of one layer that end at different offsets get what each lacks', async () => {
    await live(run, 0, 60);
    run.snapshots.loseAll();
    await trim(run);
    for (const table of ['silver/windows', 'gold/bars', 'gold/metrics'])
      for (let lost = 0; lost < 4; lost++) run.lake.loseLast(table, 0);
    for (let lost = 0; lost < 9; lost++) run.lake.loseLast('gold/metrics', 1);
    const { outcome } = await finish(run, 60);
    expect(outcome).toEqual(expected);
  });

  it('is rebuilt again when it dies while it is rebuilt', async () => {
    await live(run, 0, 60);
    run.snapshots.loseAll();
    await trim(run);
    for (const table of ['silver/windows', 'gold/bars', 'gold/metrics'])
      for (let lost = 0; lost < 12; lost++) run.lake.loseLast(table, 0);
    for (let n = 1; n <= 3; n++) {
      const dying = await start(run, WITHOUT_SNAPSHOTS);
      dying.life.killAtStep(n, n === 2 ? 'before' : 'after', 'publish ');
      await turns(20);
      await dying.stop();
    }
    const { outcome } = await finish(run, 60);
    expect(outcome).toEqual(expected);
  });
});

it('no-row-lost, no-row-twice: killed anywhere, snapshots lost, the log trimmed at any point, again and again', async () => {
  const lives = fc.array(
    fc.record({
      records: fc.integer({ min: 5, max: 40 }),
      step: fc.constantFrom('', 'send ', 'publish silver/', 'publish gold/', 'publish silver/ticks', 'clean'),
      n: fc.integer({ min: 1, max: 80 }),
      snapshotMs: fc.constantFrom(0, 3_600_000),
      maxRows: fc.constantFrom(2, 7, 40),
      keepsSnapshots: fc.constantFrom(true, false, false),
      trimmed: fc.constantFrom(0, 0.3, 0.7, 0.95, 1, 1),
    }),
    { minLength: 1, maxLength: 6 },
  );
  let rebuilt = 0;
  await fc.assert(
    fc.asyncProperty(lives, async (drawn) => {
      const some = await newLanes();
      let from = 0;
      for (const { records, step, n, snapshotMs, maxRows, keepsSnapshots, trimmed } of drawn) {
        const pipeline = await start(some, { snapshotMs, limits: { maxRows, maxMs: 3_600_000 } });
        if (step !== 'clean') pipeline.life.killAtStep(n, n % 2 === 0 ? 'before' : 'after', step);
        const to = Math.min(from + records, sent.length);
        await deliver(some, from, to);
        from = to;
        if (step !== 'clean') pipeline.life.kill();
        await pipeline.stop();
        if (!keepsSnapshots) some.snapshots.loseAll();
        await trim(some, trimmed);
        if (!keepsSnapshots && Math.max(...(await starts(some, topics.silverTicks))) > 0) rebuilt++;
      }
      const { outcome } = await finish(some, from);
      expect(outcome).toEqual(expected);
    }),
    { numRuns: 60 },
  );
  expect(rebuilt).toBeGreaterThan(20);
});

describe('a lane that neither log nor lake know', () => {
  it('is refused where the log begins above the end of silver’s chains, with the offsets wanted and there', async () => {
    await live(run, 0, 60);
    run.snapshots.loseAll();
    const known = await publishedTo(run, 1);
    run.lake.loseLast('silver/ticks', 1);
    const lost = await publishedTo(run, 1);
    expect(lost).toBeLessThan(known);
    run.log.truncate(topics.bronzeTicks, 1, known);
    const refusal = await start(run).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(LaneHistoryLostError);
    expect(refusal).toMatchObject({ topic: topics.bronzeTicks, lane: 1, wanted: lost, available: { start: known }, exitCode: 78 }); // prettier-ignore
  });

  it('is refused where a row of other rules would be decided again', async () => {
    await live(run, 0, 30);
    await live(run, 30, 60, { version: 'next' });
    run.snapshots.loseAll();
    await trim(run);
    await expect(start(run, { version: 'next' })).rejects.toThrow(RulesChangedError);
  });

  it('is refused where a row comes out differently from what is stored', async () => {
    await live(run, 0, 60);
    run.snapshots.loseAll();
    await trim(run);
    const otherSettings = { rules: { ...rules, allowedLatenessUs: 1 } };
    await expect(start(run, otherSettings)).rejects.toThrow(HistoryDiffersError);
  });

  it('Order and history: retention that passes rows bronze has yet to send again stops the lane in plain sight', async () => {
    // Bronze emits r0 and r1 and dies before either is published; the log forgets both, silver's snapshot is lost.
    const first = await newRun();
    const bronze = await start(first);
    bronze.life.killAtStep(1, 'before', 'publish ');
    await first.log.deliver(topics.stockTicks, ...input.slice(0, 40));
    bronze.life.kill();
    await bronze.stop();
    for (let lane = 0; lane < LANES; lane++)
      first.log.truncate(topics.bronzeTicks, lane, rangeEnd(first.log.records(topics.bronzeTicks, lane)));
    await expect(start(first)).rejects.toThrow(LaneHistoryLostError);
  });
});

it('bronze says which offsets are gone when retention overtakes it', async () => {
  const first = await newRun();
  const bronze = await start(first);
  await first.log.deliver(topics.stockTicks, ...input.slice(0, 60));
  await bronze.stop();
  const end = rangeEnd(first.log.records(topics.stockTicks, 0));
  await first.log.deliver(topics.stockTicks, ...input.slice(60, 120));
  first.log.truncate(topics.stockTicks, 0, end + 3);
  const refusal = await start(first).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(OffsetOutOfRangeError);
  expect(refusal).toMatchObject({ topic: topics.stockTicks, partition: 0, wanted: end, available: { start: end + 3 } }); // prettier-ignore
});
