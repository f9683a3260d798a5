import { differencesFromLoops } from './checks/against-loops.js';
import { differencesFromSql, noDifferences } from './checks/against-sql.js';
import { bronzeTicks, bronzeVerdicts, expectedTicks, expectedVerdicts, inputTicks } from './checks/bronze.js';
import type { ExpectedRecord } from './checks/bronze.js';
import { structuralProblems } from './checks/structure.js';
import { accepted, record } from './input/expected.js';
import { NASDAQ_FILE, NASDAQ_TICKS, readNasdaqFile } from './input/nasdaq-file.js';
import { defaultSettings, differences, Random } from '@engine/oracle';
import { runBacklog, runEngine, runFile, untilNoProcessNames } from './support/engine.js';
import {
  describeWithKafka,
  lagsOf,
  onKafka,
  plainClient,
  readByPlainConsumer,
  useBroker,
  withAdmin,
} from './support/kafka.js';
import { Lake, withLake } from './support/lake.js';
import type { Published } from './support/log.js';
import { describeWithMarketData, marketData } from './support/market-data.js';
import { tempFolder } from './support/temp-folder.js';
import { until } from './support/until.js';

/** What each layer reads. */
const inputs = { bronze: 'stock-ticks', silver: 'bronze-ticks', gold: 'silver-ticks' };

describeWithKafka('on Kafka', () => {
  const broker = useBroker();

  describeWithMarketData('an hour of the NASDAQ', () => {
    it('ends in the figures that SQL finds in the file, and `engine verify` agrees', async () => {
      const dataDir = tempFolder('kafka-nasdaq');
      const file = marketData(NASDAQ_FILE);
      const env = onKafka(broker(), 'nasdaq-');
      const exit = await runFile(dataDir, file, env);
      expect(exit.stdout).toContain(`bronze  in ${NASDAQ_TICKS}`);
      for (const [layer, input] of Object.entries(inputs))
        expect([layer, await lagsOf(broker(), `nasdaq-engine-${layer}`, `nasdaq-${input}`)]).toEqual([
          layer,
          [0, 0, 0, 0],
        ]);
      await withLake(dataDir, async (lake) => {
        await lake.duck.run(readNasdaqFile(file));
        expect(await structuralProblems(lake, defaultSettings)).toEqual([]);
        expect(await differencesFromSql(lake, defaultSettings)).toEqual(noDifferences);
        expect(await lake.duck.row('SELECT count(*) AS n FROM silver_ticks')).toEqual({ n: NASDAQ_TICKS });
      });
      const verified = await runEngine(['verify', '--data', dataDir]);
      expect(verified).toMatchObject({ code: 0 });
      // Sent again, the same file adds nothing: the log itself says how far it had come.
      await runFile(dataDir, file, env);
      await withLake(dataDir, async (lake) => {
        expect(await lake.duck.row('SELECT count(*) AS n FROM bronze_events')).toEqual({ n: NASDAQ_TICKS });
      });
      await untilNoProcessNames(dataDir);
    });
  });

  it('a transactional producer: what was committed is kept once, and nobody waits behind its marks', async () => {
    const topic = 'transactional-stock-ticks';
    const tick = (at: number): string =>
      `{"ticker":"AAPL","price":${100 + at},"timestamp":${1_700_000_000 + at}}`;
    await withAdmin(broker(), (admin) => admin.createTopics({ topics: [{ topic, numPartitions: 4 }] }));
    const producer = plainClient(broker()).producer({ transactionalId: topic, maxInFlightRequests: 1 });
    await producer.connect();
    for (let at = 0; at < 12; at++) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ partition: at % 2, value: tick(at) }] });
      await (at % 3 === 2 ? transaction.abort() : transaction.commit());
    }
    await producer.disconnect();
    const dataDir = tempFolder('kafka-transactional');
    const env = onKafka(broker(), 'transactional-');
    for (let run = 0; run < 2; run++) {
      await runBacklog(dataDir, env);
      await withLake(dataDir, async (lake) => {
        const raw = await lake.duck.rows('SELECT raw FROM bronze_events');
        const kept = Array.from({ length: 12 }, (_, at) => at).filter((at) => at % 3 !== 2);
        expect(raw.map((row) => String(row['raw'])).sort()).toEqual(kept.map(tick).sort());
        // Offsets of marks and failed transactions are no records that are missing.
        const problems = await structuralProblems(lake, defaultSettings);
        expect(problems.filter((problem) => !problem.startsWith('bronze: a record is missing'))).toEqual([]);
      });
      expect(await lagsOf(broker(), 'transactional-engine-bronze', topic)).toEqual([0, 0, 0, 0]);
    }
  });

  it('dead letters are replayed once their time has come, and however often that is done each counts once', async () => {
    const topic = 'letters-stock-ticks';
    const symbols = ['AAPL', 'AMZN', 'GOOGL', 'MSFT', 'NVDA', 'TSLA'];
    await withAdmin(broker(), (admin) => admin.createTopics({ topics: [{ topic, numPartitions: 4 }] }));
    // A send that is repeated is taken once.
    const producer = plainClient(broker()).producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    // Half of them come from a clock that is twice as far ahead as it may be.
    const now = Date.now();
    const ticks = Array.from({ length: 60 }, (_, at) => ({
      ticker: symbols[at % symbols.length]!,
      price: 100 + at / 4,
      timestamp: now + at + (at < 30 ? 0 : 20_000),
      id: String(at).padStart(2, '0'),
    }));
    const messages = ticks.map((tick) => ({ key: tick.ticker, value: JSON.stringify(tick) }));
    await producer.send({ topic, messages });
    await producer.disconnect();
    const dataDir = tempFolder('kafka-letters');
    const env = onKafka(broker(), 'letters-');
    const replay = ['dead-letters', 'replay', '--reason', 'future', '--data', dataDir];
    const verdicts = (): Promise<readonly unknown[]> =>
      withLake(dataDir, (lake) =>
        lake.duck.rows('SELECT verdict, count(*) AS n FROM silver_ticks GROUP BY verdict ORDER BY verdict'),
      );

    await runBacklog(dataDir, env);
    expect(await verdicts()).toEqual([
      { verdict: 'accepted', n: 30 },
      { verdict: 'future', n: 30 },
    ]);
    const dryRun = async (): Promise<boolean> =>
      (await runEngine([...replay, '--dry-run'], env)).stdout.includes('30 records would be sent');
    await until('none of them is ahead any more', dryRun);
    expect(await runEngine(replay, env)).toMatchObject({ code: 0 });
    // As after a send of unknown outcome: nothing of the first one was read yet.
    expect(await runEngine(replay, env)).toMatchObject({ code: 0 });
    await runBacklog(dataDir, env);
    expect(await verdicts()).toEqual([
      { verdict: 'accepted', n: 60 },
      { verdict: 'duplicate', n: 30 },
      { verdict: 'future', n: 30 },
    ]);
    await withLake(dataDir, async (lake) => {
      const accepted = await lake.duck.rows(
        `SELECT symbol AS ticker, price, (event_time / 1000)::DOUBLE AS "timestamp", trade_id AS id
         FROM silver_ticks WHERE verdict = 'accepted' ORDER BY trade_id`,
      );
      expect(accepted).toEqual(ticks);
      expect(await structuralProblems(lake, defaultSettings)).toEqual([]);
    });
    expect(await runEngine(['verify', '--data', dataDir], env)).toMatchObject({ code: 0 });
  });

  describe('messages that any program sends, without keys and ids', () => {
    const topic = 'wild-stock-ticks';
    const random = new Random(11);
    const sent = Array.from({ length: 3_000 }, (_, at) => {
      const symbol = random.pick(['AAPL', 'GOOGL', 'MSFT', 'TSLA', 'AMZN', 'NVDA']);
      const price = random.integer(9_000, 11_000) / 100;
      const seconds = 1_700_000_000 + at;
      const text = JSON.stringify({ ticker: symbol, price, timestamp: seconds, source: 'yfinance' });
      return record(text, accepted({ symbol, price, t: seconds * 1_000_000, source: 'yfinance' }));
    });
    let records: ExpectedRecord[];
    let lake: Lake;

    beforeAll(async () => {
      await withAdmin(broker(), (admin) =>
        admin.createTopics({ topics: [{ topic, numPartitions: 3, configEntries: [] }] }),
      );
      // A send that is repeated is taken once.
      const producer = plainClient(broker()).producer({ idempotent: true, maxInFlightRequests: 1 });
      await producer.connect();
      for (let from = 0; from < sent.length; from += 20)
        await producer.send({ topic, messages: sent.slice(from, from + 20).map(({ value }) => ({ value })) });
      await producer.disconnect();
      const published = await readByPlainConsumer(broker(), topic, sent.length);
      records = published.map((one) => ({ ...sentAs(one), published: one }));
      const dataDir = tempFolder('kafka-wild');
      await runBacklog(dataDir, onKafka(broker(), 'wild-'));
      lake = await Lake.open(dataDir);
    });
    afterAll(() => {
      lake.close();
    });

    const byText = new Map(sent.map((one) => [one.value.toString(), one]));
    const sentAs = ({ value }: Published): (typeof sent)[number] => byText.get(value!.toString())!;

    it('are each held once in bronze, as they were, under Kafka’s own coordinates', async () => {
      const bronze = await lake.duck.rows('FROM bronze_events');
      expect(differences(bronze, expectedVerdicts(records), bronzeVerdicts)).toEqual([]);
      expect(differences(bronze, expectedTicks(records, new Map()), bronzeTicks)).toEqual([]);
      expect(new Set(records.map(({ published }) => published.partition)).size).toBe(3);
    });

    it('ledger-balanced, chain-contiguous', async () => {
      expect(await structuralProblems(lake, defaultSettings)).toEqual([]);
    });

    it('have every verdict, feature, window, bar and metric that loops find in silver’s order', async () => {
      const inputs = inputTicks(records, new Map());
      expect(await differencesFromLoops(lake, inputs, defaultSettings)).toEqual(noDifferences);
    });
  });
});
