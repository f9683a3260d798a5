import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultSettings, differences, Random } from '@engine/oracle';
import { KafkaLog } from '@engine/stream/kafka';
import { Figures } from './chaos/figures.js';
import { Fleet } from './chaos/fleet.js';
import { Pace } from './chaos/pace.js';
import { ProxiedKafka } from './chaos/proxied-kafka.js';
import { Storm } from './chaos/storm.js';
import {
  bronzeTicks,
  bronzeVerdicts,
  expectedTicks,
  expectedVerdicts,
  idsGivenOnTheWay,
} from './checks/bronze.js';
import type { ExpectedRecord } from './checks/bronze.js';
import { chainContents } from './checks/chain-contents.js';
import { structuralProblems } from './checks/structure.js';
import { MessyFeed } from './input/messy-feed.js';
import { runBacklog, runEngine, runFile, untilNoProcessNames } from './support/engine.js';
import type { Environment } from './support/engine.js';
import { describeWithKafka, onKafka, readByPlainConsumer } from './support/kafka.js';
import { apps, Killer } from './support/killer.js';
import { Lake, withLake } from './support/lake.js';
import { LakeWatcher } from './support/lake-watcher.js';
import { STOCK_TICKS } from './support/log.js';
import { killAll, processesNaming } from './support/processes.js';
import { ProgressMeter } from './support/progress-meter.js';
import type { App } from './support/progress-meter.js';
import { tempFolder } from './support/temp-folder.js';

const RECORDS = Number(process.env['CHAOS_TICKS'] ?? 100_000);
const BROKERS = Number(process.env['CHAOS_BROKERS'] ?? 1);
const seed = Number(process.env['CHAOS_SEED'] ?? 20_261_129);
const LANES = 4;
const INSTANCES = 2;
/** Each kill waits for as many rows as are over 2 % of the victim's in the end, whatever that is. */
const PROGRESS = RECORDS * 0.025;
/** Many segments and snapshots: whatever happens meets every step of them. */
const busy = { SEGMENT_MAX_ROWS: '2000', SEGMENT_MAX_MS: '400', SNAPSHOT_MS: '1000' };
const LOOK_MS = 500;
const WATCHER_RESTS_MS = 250;

describeWithKafka(
  `${RECORDS} records as bad as they come on Kafka, and chaos (CHAOS_SEED=${seed}, CHAOS_BROKERS=${BROKERS})`,
  () => {
    const random = new Random(seed);
    const input = new MessyFeed(random).records(RECORDS);
    const figures = new Figures();
    let dataDir: string;
    let file: string;
    let kafka: ProxiedKafka;
    let env: Environment;
    let meter: ProgressMeter;
    let watcher: LakeWatcher;
    let killer: Killer;
    let fleet: Fleet;
    let storm: Storm;
    let lake: Lake | undefined;
    let pace: Pace;

    beforeAll(async () => {
      dataDir = tempFolder('chaos');
      file = join(dataDir, 'messy.ndjson');
      writeFileSync(file, Buffer.concat(input.flatMap(({ value }) => [value, Buffer.from('\n')])));
      const ofDelays = new Random(seed + 1);
      kafka = await ProxiedKafka.start(BROKERS, () => (ofDelays.chance(0.1) ? ofDelays.integer(1, 100) : 0));
      env = { ...onKafka(kafka, ''), ...busy };
      meter = await ProgressMeter.over(dataDir, await openLog());
      killer = new Killer(meter, RECORDS);
      fleet = new Fleet({ env: environmentOf, onExit: (instance) => figures.ended(instance) }, (items) =>
        random.pick(items),
      );
      storm = new Storm({ random, kafka, fleet, killer, lanes: LANES, progress: PROGRESS });
      pace = new Pace(RECORDS, storm);
      watcher = await LakeWatcher.start(dataDir, WATCHER_RESTS_MS);
      await weather();
      await runFile(dataDir, file, env);
      await untilNoProcessNames(dataDir);
      await watcher.stop();
      lake = await Lake.open(dataDir);
      report();
    }, 1_800_000);
    afterAll(async () => {
      fleet?.abandon();
      killAll(processesNaming(dataDir));
      await meter?.close();
      await kafka?.remove();
      lake?.close();
    }, 180_000);

    const openLog = (): Promise<KafkaLog> =>
      KafkaLog.open({
        brokers: kafka.directAddress.split(','),
        ...{ ssl: null, sasl: null, createTopics: false, replicationFactor: null },
        ...{ sessionTimeoutMs: 6_000, compression: 'none' },
      });

    async function environmentOf(app: App): Promise<Environment> {
      if (app !== 'producer') return { ...env, DATA_DIR: dataDir };
      const speed = pace.speed(await sent());
      storm.note(`the producer starts with speed ${speed.toFixed(1)}`);
      const feed = { FEED: 'file', FEED_FILE: file, FEED_SPEED: speed.toFixed(1) };
      return { ...env, ...feed, DATA_DIR: dataDir };
    }

    /** None while the broker is away. */
    const sent = (): Promise<number> => meter.done('producer').catch(() => 0);

    async function look(): Promise<void> {
      await figures.ask(fleet.running);
      await figures.look(meter).catch(() => undefined);
      if (pace.isTooFast(await sent()))
        await Promise.all(fleet.awake('producer').map((producer) => producer.kill()));
    }

    /** All instances, from their start through all that happens to them until they have stopped cleanly. */
    async function weather(): Promise<void> {
      for (const app of apps)
        for (let n = 0; n < (app === 'producer' ? 1 : INSTANCES); n++) await fleet.start(app);
      let isOver = false;
      const looking = (async () => {
        while (!isOver) {
          await look();
          await new Promise((next) => setTimeout(next, LOOK_MS));
        }
      })();
      const raging = storm.rage().finally(() => {
        isOver = true;
      });
      await Promise.all([raging, looking]).catch((error: unknown) => {
        throw new Error(`${String(error)}\n\n${storm.journal.join('\n')}`, { cause: error });
      });
      await fleet.stop();
    }

    function report(): void {
      const { counts } = storm;
      const generations = ['bronze', 'silver', 'gold'].map((layer) => kafka.generationsOf(`engine-${layer}`));
      const { count, p50Ms, maxMs } = figures.restores;
      const hits = killer.kills.filter(({ hit }) => hit.length > 0).length;
      const lines = {
        'kills -9 in the middle of work': hits,
        'membership changes': counts.membershipChanges,
        'rebalances of bronze, silver, gold': generations.join(', '),
        'stopped for longer than a session': counts.freezes,
        'brokers killed': counts.brokerKills,
        'connections cut': counts.connectionsCut,
        'answers swallowed': counts['answer-cut'] + counts['answer-lost'],
        'requests that came late': counts.late,
        're-sent rows trimmed': figures.total('trimmed'),
        'EEXIST met': figures.total('conflicts'),
        restores: `${count}, p50 ${p50Ms} ms, max ${maxMs} ms`,
        'longest stall of a lane': figures.longestStall,
        'passes of the reader': `${watcher.passes}, ${watcher.segmentsRead} segments`,
      };
      if (process.env['CHAOS_JOURNAL']) console.log(storm.journal.join('\n'));
      console.log(
        Object.entries(lines)
          .map((line) => line.join(': '))
          .join('\n'),
      );
    }

    it('killed each app in the middle of its work, and all else that was to happen did', async () => {
      const inTheEnd = {
        producer: RECORDS,
        bronze: await rowsIn('bronze_events'),
        silver: await rowsIn('silver_ticks'),
        gold: await rowsIn('gold_bars'),
      };
      const hits = killer.kills.filter(({ hit }) => hit.length > 0);
      expect(hits.length).toBeGreaterThanOrEqual(20);
      for (const { victim, progress, hit } of hits) {
        expect(hit).toEqual([victim]);
        expect(progress / inTheEnd[victim as App]).toBeGreaterThanOrEqual(0.02);
      }
      expect(storm.counts).toMatchObject({
        ...{ membershipChanges: 10, freezes: 3, brokerKills: 1 },
        ...{ 'answer-cut': 5, 'answer-lost': 1, late: 5 },
      });
      expect(fleet.problems).toEqual([]);
    });

    it('reader-never-sees-half: never an error, never less than before, never anything else', () => {
      expect(watcher.problems).toEqual([]);
      expect(watcher.passes).toBeGreaterThan(killer.kills.length);
    });

    it('no-row-lost, no-row-twice: each line of the file is in the log, each record in bronze once, as it was', async () => {
      const published = await readByPlainConsumer(
        { address: kafka.directAddress },
        STOCK_TICKS,
        await meter.done('producer'),
      );
      const rows = published.map(({ headers }) => Number(headers['row']));
      expect([...new Set(rows)].sort((a, b) => a - b)).toEqual(input.map((_, row) => row));
      console.log(`rows that a late request brought into the log twice: ${rows.length - RECORDS}`);
      const records = published.map((one, at): ExpectedRecord => ({ ...input[rows[at]!]!, published: one }));
      const bronze = await lake!.duck.rows('FROM bronze_events');
      expect(differences(bronze, expectedVerdicts(records), bronzeVerdicts)).toEqual([]);
      const accepted = bronze.filter((row) => row['verdict'] === 'accepted');
      const ids = await idsGivenOnTheWay(lake!, records);
      expect(differences(accepted, expectedTicks(records, ids), bronzeTicks)).toEqual([]);
    });

    it('chain-contiguous, ledger-balanced', async () => {
      expect(await structuralProblems(lake!, defaultSettings)).toEqual([]);
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
      await runBacklog(quietDir, onKafka(kafka, ''));
      await withLake(quietDir, (quiet) => {
        expect(chainContents(lake!)).toEqual(chainContents(quiet));
        return Promise.resolve();
      });
    });

    const rowsIn = async (view: string): Promise<number> =>
      (await lake!.duck.row<{ n: number }>(`SELECT count(*) AS n FROM ${view}`)).n;
  },
);
