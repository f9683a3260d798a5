import { writeFileSync } from 'node:fs';
import { defaultSettings, Random } from '@engine/oracle';
import { ChaosRun } from './chaos/chaos-run.js';
import { bronzeDifferences } from './checks/bronze.js';
import type { ExpectedRecord } from './checks/bronze.js';
import { chainContents } from './checks/chain-contents.js';
import { swappedTicks } from './checks/order.js';
import { structuralProblems } from './checks/structure.js';
import { MessyFeed } from './input/messy-feed.js';
import { runBacklog, runEngine, runFile, untilNoProcessNames } from './support/engine.js';
import type { EngineExit } from './support/engine.js';
import { describeWithKafka, onKafka, readByPlainConsumer } from './support/kafka.js';
import { Lake, withLake } from './support/lake.js';
import { STOCK_TICKS } from './support/log.js';
import { killAll, processesNaming } from './support/processes.js';
import type { App } from './support/progress-meter.js';
import { tempFolder } from './support/temp-folder.js';

/** On CI as few as take all that happens: what matters there is that it does. */
const RECORDS = Number(process.env['CHAOS_TICKS'] ?? (process.env['CI'] ? 40_000 : 100_000));
const BROKERS = Number(process.env['CHAOS_BROKERS'] ?? 1);
const ROUNDS = Number(process.env['CHAOS_ROUNDS'] ?? 5);
const seed = Number(process.env['CHAOS_SEED'] ?? 20_261_129);
/** Each kill waits for as many rows as are over 2 % of the victim's in the end, whatever that is. */
const PROGRESS = RECORDS * 0.025;

const title = `${RECORDS} records as bad as they come on Kafka, and chaos (CHAOS_SEED=${seed}, CHAOS_BROKERS=${BROKERS})`;

describeWithKafka(title, () => {
  const input = new MessyFeed(new Random(seed)).records(RECORDS);
  let dataDir: string;
  let run: ChaosRun;
  let lake: Lake;
  let calm: EngineExit;
  let isDone = false;

  beforeAll(async () => {
    dataDir = tempFolder('chaos');
    const size = { records: RECORDS, brokers: BROKERS, rounds: ROUNDS, progress: PROGRESS };
    run = await ChaosRun.prepare({ dataDir, seed, ...size });
    writeFileSync(run.file, Buffer.concat(input.flatMap(({ value }) => [value, Buffer.from('\n')])));
    await run.rage();
    calm = await runFile(dataDir, run.file, run.env);
    await untilNoProcessNames(dataDir);
    await run.watcher.stop();
    lake = await Lake.open(dataDir);
    isDone = true;
    console.log(run.report());
    if (process.env['CHAOS_JOURNAL']) console.log(run.storm.journal.join('\n'));
  }, 1_800_000);
  afterAll(async () => {
    await run.close();
    killAll(processesNaming(dataDir));
    if (isDone) lake.close();
  }, 180_000);

  it('killed each app in the middle of its work, and all else that was to happen did', async () => {
    const inTheEnd = {
      producer: RECORDS,
      bronze: await rowsIn('bronze_events'),
      silver: await rowsIn('silver_ticks'),
      gold: await rowsIn('gold_bars'),
    };
    const hits = run.killer.kills.filter(({ hit }) => hit.length > 0);
    expect(hits.length).toBeGreaterThanOrEqual(4 * ROUNDS);
    for (const { victim, progress, hit } of hits) {
      expect(hit).toEqual([victim]);
      expect(progress / inTheEnd[victim as App]).toBeGreaterThanOrEqual(0.02);
    }
    expect(run.storm.counts).toMatchObject(run.storm.planned);
    expect(run.fleet.problems).toEqual([]);
  });

  it('progress: once it is calm the rest goes through, and no app stands still', () => {
    expect(`${calm.stdout}${calm.stderr}`).not.toContain('is stalled');
  });

  it('reader-never-sees-half: never an error, never less than before, never anything else', () => {
    expect(run.watcher.problems).toEqual([]);
    expect(run.watcher.passes).toBeGreaterThan(run.killer.kills.length);
  });

  it('no-row-lost, no-row-twice: each line of the file is in the log, each record in bronze once, as it was', async () => {
    const records = await run.meter.done('producer');
    const published = await readByPlainConsumer(pastProxies(), STOCK_TICKS, records);
    const rows = published.map(({ headers }) => Number(headers['row']));
    expect([...new Set(rows)].sort((a, b) => a - b)).toEqual(input.map((_, row) => row));
    console.log(`rows that a late request brought into the log twice: ${rows.length - RECORDS}`);
    const expected = published.map((one, at): ExpectedRecord => ({ ...input[rows[at]!]!, published: one }));
    expect(await bronzeDifferences(lake, expected)).toEqual([]);
  });

  it('chain-contiguous, ledger-balanced', async () => {
    expect(await structuralProblems(lake, defaultSettings)).toEqual([]);
  });

  it('order-per-symbol: ticks of one partition are decided in its order', async () => {
    expect(await swappedTicks(lake)).toEqual([]);
  });

  it('engine verify finds nothing', async () => {
    const { code, stdout } = await runEngine(['verify', '--data', dataDir]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('The lake holds') as string,
    });
  });

  it('replay-equals-live: a quiet run over the same log gives the same rows, hash for hash', async () => {
    const quietDir = tempFolder('quiet');
    await runBacklog(quietDir, onKafka(pastProxies(), ''));
    await withLake(quietDir, (quiet) => {
      expect(chainContents(lake)).toEqual(chainContents(quiet));
      return Promise.resolve();
    });
  });

  const pastProxies = (): { readonly address: string } => ({ address: run.kafka.directAddress });

  const rowsIn = async (view: string): Promise<number> =>
    (await lake.duck.row<{ n: number }>(`SELECT count(*) AS n FROM ${view}`)).n;
});
