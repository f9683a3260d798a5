import type { Chain, ChainStore, GenerationFacts, StoredChain } from '@engine/lake/ports';
import { OrderUnknownError } from '@engine/lake/ports';
import { MemoryChainStore, MemorySnapshotStore } from '@engine/lake/testing';
import { silverTicks } from '@engine/medallion';
import type { LayerName, TableSchema } from '@engine/medallion';
import { MemoryLog } from '@engine/stream/testing';
import fc from 'fast-check';

import { RulesChangedError } from '../recovery-errors.js';
import { LogReplacedError } from '../replaced-log.js';
import { closing, input, LANES, newRun, rules, start } from '../testing/memory-run.contract.js';
import type { Run } from '../testing/memory-run.contract.js';
import type { MemoryPipelineOptions } from '../testing.js';
import { MemoryPipeline, topics } from '../testing.js';
import { Life } from '../testing/mortal.js';
import { goldHistoryStarts, HistoryRetiredError, silverHistoryStarts } from './history-starts.js';
import { backfillGold, backfillSilver } from './layer-backfill.js';
import type { BackfillSources } from './layer-backfill.js';

const TABLES = ['silver/ticks', 'silver/markers', 'silver/windows', 'gold/bars', 'gold/metrics'];
const MIDWAY = 150;

/** New generations of silver and gold, in front of a lake whose bronze stays. */
class NewGeneration extends MemoryChainStore {
  historyStarts: Partial<Record<string, readonly number[]>> = {};
  eventTime: GenerationFacts['eventTime'] = null;

  constructor(
    private readonly before: ChainStore,
    private readonly layers: readonly LayerName[],
  ) {
    super();
  }

  override open(table: TableSchema, lane: number): Promise<Chain> {
    return this.#isNew(table) ? super.open(table, lane) : this.before.open(table, lane);
  }

  override read(table: TableSchema, lane: number): Promise<StoredChain> {
    return this.#isNew(table) ? super.read(table, lane) : this.before.read(table, lane);
  }

  override generation(layer: string): Promise<GenerationFacts> {
    const historyStarts = Object.fromEntries(this.historyStarts[layer]?.entries() ?? []);
    return Promise.resolve({ historyStarts, eventTime: this.eventTime, basis: {} });
  }

  #isNew({ name }: TableSchema): boolean {
    return this.layers.some((layer) => name.startsWith(`${layer}/`));
  }
}

interface Wanted {
  readonly layer?: 'silver' | 'gold';
  readonly version?: string;
  readonly settings?: typeof rules;
}

/** One backfill, which may die and be run again. */
class Backfill {
  readonly lake: NewGeneration;
  readonly snapshots = new MemorySnapshotStore();
  readonly #layers: readonly LayerName[];
  readonly #sources: BackfillSources;

  constructor(
    private readonly before: Run,
    { layer = 'silver', version = 'test', settings = rules }: Wanted = {},
  ) {
    const { log, lake } = before;
    this.#layers = layer === 'silver' ? ['silver', 'gold'] : ['gold'];
    this.lake = new NewGeneration(lake, this.#layers);
    this.#sources = { log, topics, lake, settings, rules: version };
  }

  /** Resolves to the log with the new generations, as a pipeline goes on with them. */
  async run(life = new Life()): Promise<Run> {
    const sources = {
      ...this.#sources,
      log: { ...life.log(this.before.log), members: () => Promise.resolve([]) },
    };
    const isSilverNew = this.#layers.includes('silver');
    if (isSilverNew) this.lake.historyStarts['silver'] ??= await silverHistoryStarts(sources);
    this.lake.historyStarts['gold'] ??= await goldHistoryStarts(sources, isSilverNew);
    const target = {
      lake: life.lake(this.lake),
      snapshots: life.snapshots(this.snapshots),
      limits: { maxRows: 5, maxMs: 3_600_000 },
      observer: {},
    };
    for (let lane = 0; lane < LANES; lane++) {
      if (isSilverNew) await backfillSilver(lane, sources, target);
      await backfillGold(lane, sources, target);
    }
    const { log } = this.before;
    return { log, lake: this.lake, snapshots: this.snapshots };
  }
}

/** All rows and the sums of the segments' hashes, all columns included, whatever the segments are. */
const contents = (lake: MemoryChainStore, tables = TABLES): unknown =>
  tables.map((table) => ({
    table,
    rows: lake.rows(table),
    content: BigInt.asUintN(
      64,
      lake.footers(table).reduce((sum, { content }) => sum + BigInt(content), 0n),
    ),
  }));

/** What the layers make of everything that bronze has sent when they do it live, from the first record on. */
async function live({ log }: Run, options: Partial<MemoryPipelineOptions> = {}): Promise<unknown> {
  const run = { log: new MemoryLog(), lake: new MemoryChainStore(), snapshots: new MemorySnapshotStore() };
  await MemoryPipeline.ensureTopics(run.log, LANES);
  const pipeline = await start(run, options);
  for (const { partition, value } of log.records(topics.bronzeTicks))
    await run.log.deliver(topics.bronzeTicks, { partition, value });
  await pipeline.stop();
  return contents(run.lake);
}

/** A life of the pipeline that takes input [from, to); markers in between. */
async function feed(
  run: Run,
  from: number,
  to: number,
  options?: Partial<MemoryPipelineOptions>,
): Promise<void> {
  const pipeline = await start(run, options);
  for (let row = from; row < to; row += 12) {
    await run.log.deliver(topics.stockTicks, ...input.slice(row, Math.min(row + 12, to)));
    const value = `{"v":1,"marker":${1_700_000_000_000_000 + row * 50_000}}`;
    if (row % 36 === 0) await run.log.deliver(topics.bronzeTicks, { partition: row % LANES, value });
  }
  if (to === input.length) await run.log.deliver(topics.bronzeTicks, ...closing);
  await pipeline.stop();
}

/** The same, but silver and gold end before the last rows they have sent are published. */
async function feedAndKill(run: Run, to: number): Promise<void> {
  const pipeline = await start(run, { snapshotMs: 3_600_000, limits: { maxRows: 40, maxMs: 3_600_000 } });
  for (let row = 0; row < to; row += 12)
    await run.log.deliver(topics.stockTicks, ...input.slice(row, Math.min(row + 12, to)));
  pipeline.life.kill();
  await pipeline.stop();
}

const OTHER = { version: 'other', settings: { ...rules, allowedLatenessUs: 350_000, silverRows: 3 } };
const asOptions = ({ version, settings }: typeof OTHER): Partial<MemoryPipelineOptions> => ({
  version,
  rules: settings,
});

let run: Run;
beforeEach(async () => {
  run = await newRun();
});

describe.each(['silver', 'gold'] as const)('a backfill of %s', (layer) => {
  it('equals what is stored, by content', async () => {
    await feed(run, 0, input.length);
    const anew = await new Backfill(run, { layer }).run();
    const tables = TABLES.filter((table) => layer === 'silver' || table.startsWith('gold/'));
    expect(contents(anew.lake, tables)).toEqual(contents(run.lake, tables));
    expect(anew.lake.rows('gold/bars').length).toBeGreaterThan(50);
  });

  it('is gone on with as if nothing had been, with its snapshots and without', async () => {
    for (const losesSnapshots of [false, true]) {
      run = await newRun();
      await feed(run, 0, MIDWAY);
      const anew = await new Backfill(run, { layer }).run();
      const snapshots = layer === 'silver' ? anew.snapshots : mixed(run, anew);
      if (losesSnapshots) for (const store of [run.snapshots, anew.snapshots]) store.loseAll();
      const next = { ...anew, snapshots: losesSnapshots ? new MemorySnapshotStore() : snapshots };
      await feed(next, MIDWAY, input.length);
      const silver = layer === 'silver' ? anew.lake : run.lake;
      const result = [
        ...(contents(silver, TABLES.slice(0, 3)) as unknown[]),
        ...(contents(anew.lake, TABLES.slice(3)) as unknown[]),
      ];
      expect(result).toEqual(await live(run));
    }
  });

  it('knows all that was published when the layers were killed, and the log the rest', async () => {
    await feedAndKill(run, MIDWAY);
    const anew = await new Backfill(run, { layer }).run();
    const snapshots = layer === 'silver' ? anew.snapshots : new MemorySnapshotStore();
    await feed({ ...anew, snapshots }, MIDWAY, input.length);
    const silver = layer === 'silver' ? anew.lake : run.lake;
    const result = [
      ...(contents(silver, TABLES.slice(0, 3)) as unknown[]),
      ...(contents(anew.lake, TABLES.slice(3)) as unknown[]),
    ];
    expect(result).toEqual(await live(run));
  });
});

/** Silver's snapshots of before, gold's new ones. */
function mixed(before: Run, anew: Run): MemorySnapshotStore {
  const store = new MemorySnapshotStore();
  store.open = (layer, lane) => (layer === 'silver' ? before : anew).snapshots.open(layer, lane);
  return store;
}

describe('under other rules', () => {
  it('silver and gold come out as they would have live, and are gone on with', async () => {
    await feed(run, 0, MIDWAY);
    const old = contents(run.lake);
    const anew = await new Backfill(run, OTHER).run();
    expect(contents(anew.lake)).toEqual(await live(run, asOptions(OTHER)));
    expect(contents(anew.lake)).not.toEqual(old);
    await feed(anew, MIDWAY, input.length, asOptions(OTHER));
    expect(contents(anew.lake)).toEqual(await live(run, asOptions(OTHER)));
  });

  it('also when the old rules had sent what they had not published', async () => {
    await feedAndKill(run, MIDWAY);
    await expect(start(run, asOptions(OTHER))).rejects.toThrow(RulesChangedError);
    const anew = await new Backfill(run, OTHER).run();
    await feed(anew, MIDWAY, input.length, asOptions(OTHER));
    expect(contents(anew.lake)).toEqual(await live(run, asOptions(OTHER)));
  });

  it('also when all snapshots are lost: the log holds what the old rules had decided, and is not asked', async () => {
    await feed(run, 0, MIDWAY);
    const anew = await new Backfill(run, OTHER).run();
    await feed(anew, MIDWAY, MIDWAY + 36, asOptions(OTHER));
    await feed(
      { ...anew, snapshots: new MemorySnapshotStore() },
      MIDWAY + 36,
      input.length,
      asOptions(OTHER),
    );
    expect(contents(anew.lake)).toEqual(await live(run, asOptions(OTHER)));
  });

  it('gold alone is refused, and told that silver comes first', async () => {
    await feed(run, 0, MIDWAY);
    const refusal = new Backfill(run, { ...OTHER, layer: 'gold' }).run();
    await expect(refusal).rejects.toThrow(
      /silver\/ticks.*under the rules test.*other.*backfill --layer silver/s,
    );
  });
});

it('killed anywhere, and run again, it ends the same', async () => {
  await feedAndKill(run, MIDWAY);
  const expected = contents((await new Backfill(run, OTHER).run()).lake);
  const deaths = fc.array(fc.record({ step: fc.constantFrom('publish ', 'publish gold', ''), n: fc.integer({ min: 1, max: 25 }) }), { minLength: 1, maxLength: 5 }); // prettier-ignore
  let died = 0;
  await fc.assert(
    fc.asyncProperty(deaths, async (drawn) => {
      const again = new Backfill(run, OTHER);
      for (const { step, n } of drawn) {
        const life = new Life();
        life.killAtStep(n, n % 2 === 0 ? 'before' : 'after', step);
        await again.run(life).catch(() => (died += 1));
      }
      expect(contents((await again.run()).lake)).toEqual(expected);
    }),
    { numRuns: 25 },
  );
  expect(died).toBeGreaterThan(15);
});

describe('bronze', () => {
  /** The lake with something changed in silver/ticks on the way. */
  const altered = (change: (from: number, stored: StoredChain) => StoredChain['scan']): ChainStore => {
    const lake = Object.create(run.lake) as MemoryChainStore;
    lake.read = async (table, lane) => {
      const stored = await run.lake.read(table, lane);
      return table === silverTicks ? { ...stored, scan: change(lane, stored) } : stored;
    };
    return lake;
  };

  it('has the values, whatever silver’s copies of them say', async () => {
    await feed(run, 0, input.length);
    const lake = altered(
      (_lane, stored) =>
        async function* (from, columns) {
          for await (const rows of stored.scan(from, columns))
        yield columns.includes('price') ? rows.with(new Map([['price', rows.numbers('price').map((price) => price + 1)]])) : rows; // prettier-ignore
        },
    );
    const anew = await new Backfill({ ...run, lake: lake as MemoryChainStore }).run();
    expect(contents(anew.lake)).toEqual(contents(run.lake));
  });

  it('is not led to by an order that leaves out a row: refused, with the row and a remedy', async () => {
    await feed(run, 0, input.length);
    const lake = altered(
      (lane, stored) =>
        async function* (from, columns) {
          for await (const rows of stored.scan(from, columns))
            yield lane === 0 ? rows.slice(1, rows.rows) : rows;
        },
    );
    const refusal = new Backfill({ ...run, lake: lake as MemoryChainStore }).run();
    await expect(refusal).rejects.toThrow(OrderUnknownError);
    await expect(refusal).rejects.toThrow(
      /silver\/ticks\/lane=0, partition \d of stock-ticks, record \d+.*event-time/s,
    );
  });
});

it('refuses another log', async () => {
  await feed(run, 0, MIDWAY);
  run.log.deleteTopic(topics.bronzeTicks);
  await MemoryPipeline.ensureTopics(run.log, LANES, 3);
  await expect(new Backfill(run).run()).rejects.toThrow(LogReplacedError);
});

it('refuses a lake whose beginning was retired, and names the order that can be had', async () => {
  await feed(run, 0, MIDWAY);
  const lake = Object.create(run.lake) as MemoryChainStore;
  lake.read = async (table, lane) => ({ ...(await run.lake.read(table, lane)), start: lane === 1 ? 7 : 0 });
  const refusal = new Backfill({ ...run, lake }).run();
  await expect(refusal).rejects.toThrow(HistoryRetiredError);
  await expect(refusal).rejects.toThrow(/lane=1 begins at offset 7.*--order event-time/s);
});
