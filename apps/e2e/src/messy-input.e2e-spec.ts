import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { differencesFromLoops, publicationDifferences } from './checks/against-loops.js';
import { noDifferences } from './checks/against-sql.js';
import {
  bronzeTicks,
  bronzeVerdicts,
  expectedTicks,
  expectedVerdicts,
  idsGivenOnTheWay,
  inputTicks,
} from './checks/bronze.js';
import type { ExpectedRecord } from './checks/bronze.js';
import { structuralProblems } from './checks/structure.js';
import type { InputRecord } from './input/expected.js';
import { MessyFeed } from './input/messy-feed.js';
import { defaultSettings, differences, Random } from '@engine/oracle';
import { runFile, untilNoProcessNames } from './support/engine.js';
import { Lake } from './support/lake.js';
import { readTopic, STOCK_TICKS } from './support/log.js';
import type { Published } from './support/log.js';
import { tempFolder } from './support/temp-folder.js';

const RECORDS = 20_000;

describe('20,000 lines as bad as they come', () => {
  const input = new MessyFeed(new Random(20_240_229)).records(RECORDS);
  let dataDir: string;
  let published: Published[];
  let records: ExpectedRecord[];
  let lake: Lake;

  beforeAll(async () => {
    dataDir = tempFolder('messy');
    const file = join(dataDir, 'messy.ndjson');
    writeFileSync(file, withBlankLines(input));
    await runFile(dataDir, file);
    published = inFileOrder(await readTopic(dataDir, STOCK_TICKS));
    records = input.map((one, at) => ({ ...one, published: published[at]! }));
    lake = await Lake.open(dataDir);
  });
  afterAll(async () => {
    lake.close();
    await untilNoProcessNames(dataDir);
  });

  it('sends each line as it is, and gives an id only to a single good tick without one', () => {
    expect(published).toHaveLength(RECORDS);
    const wrong = records.filter(({ value, expected: [first, ...more], published: sent }) => {
      const mayBeGivenAnId =
        more.length === 0 && first?.reason === null && first.id === null && value[0] !== BRACKET;
      return mayBeGivenAnId ? !isSameButForTheId(value, sent.value) : !sent.value?.equals(value);
    });
    expect(
      wrong.slice(0, 5).map(({ value, published: sent }) => [String(value), String(sent.value)]),
    ).toEqual([]);
  });

  it('keys a single good tick by its symbol and anything else by its row', () => {
    const wrong = records.filter(({ value, expected: [first, ...more], published: { key, headers } }) => {
      const isSingle = more.length === 0 && first?.reason === null && value[0] !== BRACKET;
      return key !== (isSingle ? first.symbol : headers['row']);
    });
    expect(wrong.slice(0, 5).map(({ value, published: { key } }) => [String(value), key])).toEqual([]);
  });

  it('keeps every line in bronze, with the first reason that applies', async () => {
    const bronze = await lake.duck.rows('FROM bronze_events');
    expect(differences(bronze, expectedVerdicts(records), bronzeVerdicts)).toEqual([]);
  });

  it('reads every good tick as it was meant', async () => {
    const bronze = await lake.duck.rows("FROM bronze_events WHERE verdict = 'accepted'");
    const ids = await idsGivenOnTheWay(lake, records);
    expect(differences(bronze, expectedTicks(records, ids), bronzeTicks)).toEqual([]);
  });

  it('gives ids that are nobody else’s', async () => {
    const given = [...(await idsGivenOnTheWay(lake, records)).values()].filter((id) => id !== null);
    const own = new Set(
      records.flatMap(({ expected }) => expected.flatMap((one) => ('id' in one ? (one.id ?? []) : []))),
    );
    expect(new Set(given).size).toBe(given.length);
    expect(given.filter((id) => own.has(id))).toEqual([]);
  });

  it('ledger-balanced, chain-contiguous', async () => {
    expect(await structuralProblems(lake, defaultSettings)).toEqual([]);
  });

  it('has every verdict, feature, window, bar and metric that plain loops find', async () => {
    const inputs = inputTicks(records, await idsGivenOnTheWay(lake, records));
    expect(await differencesFromLoops(lake, inputs, defaultSettings)).toEqual(noDifferences);
  });

  it('has every revision at its time, and every row of the metrics, that plain loops find', async () => {
    const inputs = inputTicks(records, await idsGivenOnTheWay(lake, records));
    expect(await publicationDifferences(lake, inputs, defaultSettings)).toEqual({
      windows: [],
      bars: [],
      metrics: [],
    });
  });

  it('met every verdict, order and correction', async () => {
    const verdicts = await lake.duck.rows<{ said: string }>(
      "SELECT DISTINCT concat_ws(' ', verdict, in_order::VARCHAR) AS said FROM silver_ticks ORDER BY said",
    );
    expect(verdicts.map(({ said }) => said)).toEqual([
      'accepted false',
      'accepted true',
      'duplicate',
      'future',
      'late',
    ]);
    for (const table of ['silver_windows', 'gold_bars'])
      expect(await lake.duck.row(`SELECT max(revision) > 0 AS corrected FROM ${table}`)).toEqual({
        corrected: true,
      });
  });

  it('order-per-symbol: ticks of one partition are decided in the order of the file', async () => {
    const swapped = await lake.duck.rows(`
      SELECT symbol, lane_offset, lane_index FROM silver_ticks
      QUALIFY (origin_offset, origin_index) < lag((origin_offset, origin_index)) OVER (
        PARTITION BY symbol, origin_partition ORDER BY lane_offset, lane_index)
      LIMIT 3`);
    expect(swapped).toEqual([]);
  });
});

const BRACKET = '['.charCodeAt(0);

/** A blank line after every hundredth. */
function withBlankLines(input: readonly InputRecord[]): Buffer {
  return Buffer.concat(
    input.flatMap(({ value }, at) => [value, Buffer.from(at % 100 === 0 ? '\n\n' : '\n')]),
  );
}

function inFileOrder(published: Published[]): Published[] {
  return published.sort((a, b) => Number(a.headers['row']) - Number(b.headers['row']));
}

function isSameButForTheId(line: Buffer, sent: Buffer | null): boolean {
  const { id, ...rest } = JSON.parse(String(sent)) as Record<string, unknown>;
  const isAnId = typeof id === 'string' || typeof id === 'number';
  return isAnId && JSON.stringify(rest) === JSON.stringify(JSON.parse(String(line)));
}
