import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDbLake, FileSnapshotStore } from '@engine/lake';
import { goldBars, goldMetrics, silverMarkers, silverTicks, silverWindows } from '@engine/medallion';
import { EmbeddedLog } from '@engine/stream/embedded';
import type { LaneListener, LogConsumer, OutgoingRecord } from '@engine/stream/ports';

import { goldWiring } from './gold-lane.js';
import { LayerRunner } from './layer-runner.js';
import { silverWiring } from './silver-lane.js';
import { input, LANES, newRun, rules, start } from './testing/memory-run.contract.js';
import { topics } from './testing.js';

const companion = { processed: () => undefined, close: () => Promise.resolve() };
const TICKS = 1_800;
const LARGE = { limits: { maxRows: 1e6, maxMs: 3_600_000 }, batches: { maxRecords: 100, maxBytes: 1e9 } };

let root: string;
beforeAll(async () => (root = await mkdtemp(join(tmpdir(), 'rebuild-'))));
afterAll(() => rm(root, { recursive: true }));

const turn = (): Promise<void> => new Promise((done) => setTimeout(done, 1));
/** Rejects with what ended a consumer. */
const failure = ({ ended }: LogConsumer): Promise<void> => ended.then(() => new Promise(() => undefined));

/** Silver and gold over a real log and a real lake, for one life. */
class Life {
  readonly #consumers: LogConsumer[] = [];
  /** By topic and lane: the offset that is processed next. */
  readonly #positions = new Map<string, number[]>();
  readonly startedAt = new Map<string, ReadonlyMap<number, number>>();

  private constructor(
    readonly log: EmbeddedLog,
    private readonly lake: DuckDbLake,
  ) {}

  static async start(folder: string, retentionBytes?: number): Promise<Life> {
    const log = await EmbeddedLog.open(join(folder, 'log'), retentionBytes ? { retentionBytes } : {});
    for (const name of Object.values<string>({ ...topics }))
      await log.ensureTopic({ name, partitions: LANES });
    const lake = await DuckDbLake.open({ folder: join(folder, 'lake') });
    const store = await FileSnapshotStore.create({ folder: join(folder, 'lake') });
    const life = new Life(log, lake);
    const limits = { maxRows: 400, maxMs: 3_600_000 };
    const context = {
      log,
      lake,
      limits,
      checkpoints: { store, intervalMs: 50 },
      rules: 'test',
      observer: {},
    };
    await life.#run(
      topics.bronzeTicks,
      new LayerRunner(silverWiring(topics, rules), context, () => companion),
    );
    await life.#run(topics.silverTicks, new LayerRunner(goldWiring(topics, rules), context, () => companion));
    return life;
  }

  async send(records: readonly OutgoingRecord[]): Promise<void> {
    const producer = await this.log.createProducer();
    for (const record of records) await producer.send(topics.bronzeTicks, [record]);
    await producer.close();
  }

  /** Resolves when silver has read everything, and gold what followed. */
  async settled(): Promise<void> {
    for (const topic of this.#positions.keys()) {
      const ends = (await this.log.offsetRanges(topic)).map(({ end }) => end);
      while (this.#positions.get(topic)?.some((position, lane) => position < ends[lane]!))
        await Promise.race([turn(), ...this.#consumers.map(failure)]);
    }
  }

  async stop(): Promise<void> {
    await this.settled();
    for (const consumer of this.#consumers) await consumer.stop();
    this.lake.close();
    await this.log.close();
  }

  async #run(topic: string, listener: LaneListener): Promise<void> {
    const consumer = this.log.createConsumer({ topic, limits: { maxRecords: 20, maxBytes: 1e6 } });
    this.#consumers.push(consumer);
    const positions: number[] = [];
    this.#positions.set(topic, positions);
    await consumer.start({
      assigned: async (lanes, failed) => {
        const starts = await listener.assigned(lanes, failed);
        this.startedAt.set(topic, starts);
        for (const [lane, position] of starts) positions[lane] = position;
        return starts;
      },
      batch: async (batch) => {
        await listener.batch(batch);
        for (const { partition, offset } of batch.records) positions[partition] = offset + 1;
      },
      revoked: (lanes) => listener.revoked(lanes),
    });
  }
}

/** Rows and content hash of each table's lanes, whatever their segments are. */
async function contents(folder: string): Promise<unknown> {
  const lake = await DuckDbLake.open({ folder: join(folder, 'lake') });
  const found: Record<string, string> = {};
  for (const table of [silverTicks, silverMarkers, silverWindows, goldBars, goldMetrics])
    for (let lane = 0; lane < LANES; lane++) {
      const { segments } = await lake.read(table, lane);
      const rows = segments.reduce((sum, segment) => sum + segment.rows, 0);
      const content = segments.reduce((sum, segment) => sum + BigInt(segment.content), 0n);
      found[`${table.name}/lane=${lane}`] = `${rows} rows, ${BigInt.asUintN(64, content)}`;
    }
  lake.close();
  return found;
}

/** What bronze sends because of some thousand ticks, with markers in between. */
async function bronzeTicks(): Promise<readonly OutgoingRecord[]> {
  const run = await newRun();
  const bronze = await start(run, { ...LARGE, snapshotMs: 3_600_000 });
  for (let from = 0; from < TICKS; from += 30) {
    const many = Array.from({ length: 30 }, (_, at): OutgoingRecord => {
      const row = from + at;
      const tick = { ticker: `S${row % 9}`, price: 100 + Math.sin(row), timestamp: 1_700_000_000_000 + row * 40, id: row % 31 === 30 ? row - 9 : row }; // prettier-ignore
      return { partition: row % 3, value: JSON.stringify(tick) };
    });
    await run.log.deliver(topics.stockTicks, ...many, ...input.slice(0, 1));
    const marker = `{"v":1,"marker":${1_700_000_000_000_000 + from * 40_000}}`;
    if (from % 300 === 0)
      await run.log.deliver(topics.bronzeTicks, { partition: (from / 300) % LANES, value: marker });
  }
  await bronze.stop();
  const sent = [...run.log.records(topics.bronzeTicks)].sort((one, other) => one.offset - other.offset);
  return sent.map(({ partition, value }) => ({ partition, value }));
}

it('lanes go on from the lake when the log keeps less than they need, and come out the same', async () => {
  const sent = await bronzeTicks();
  const half = Math.floor(sent.length / 2);
  const quiet = join(root, 'quiet');
  const whole = await Life.start(quiet);
  await whole.send(sent);
  await whole.stop();

  const disturbed = join(root, 'disturbed');
  const first = await Life.start(disturbed);
  await first.send(sent.slice(0, half));
  await first.stop();
  await rm(join(disturbed, 'lake', '_state'), { recursive: true });

  const second = await Life.start(disturbed, 30_000);
  for (const topic of [topics.bronzeTicks, topics.silverTicks]) {
    const ranges = await second.log.offsetRanges(topic);
    expect(Math.min(...ranges.map((range) => range.start))).toBeGreaterThan(0);
    expect(second.startedAt.get(topic)).toEqual(new Map(ranges.map(({ end }, lane) => [lane, end])));
  }
  // A few at a time: with so little kept, whoever falls behind would be overtaken.
  for (let from = half; from < sent.length; from += 10) {
    await second.send(sent.slice(from, from + 10));
    await second.settled();
  }
  await second.stop();
  expect(await contents(disturbed)).toEqual(await contents(quiet));
});
