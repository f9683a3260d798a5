import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readLayerConfig, rulesVersion } from '@engine/config';
import { LakeReader } from '@engine/lake';
import { bronzeEvents, laneOf } from '@engine/medallion';
import type { EmbeddedLog } from '@engine/stream/embedded';
import { LakeMaker } from '@engine/verify/testing';

import { CommandError, UsageError } from '../usage-error.js';
import { deadLetters } from './dead-letters.js';

const LANES = 2;
const T = Date.UTC(2024, 2, 1, 9, 30);
const TOPIC = 'stock-ticks';

const text = (fields: object): string => JSON.stringify(fields);
/** A terminal would turn red. */
const NOT_JSON = 'not \u001b[31mjson';
const good = text({ ticker: 'AAPL', price: 101.5, timestamp: T, id: 'a-1' });
/** Of a minute ahead of the log's clock, without an id. */
const future = '{"ticker":"AAPL", "price":102.25,"timestamp":' + String(T + 60_000) + ' }';
const futureElement = text({ ticker: 'MSFT', price: 300.5, timestamp: T + 60_000, id: 9 });
const late = text({ ticker: 'AAPL', price: 90, timestamp: T - 300_000, id: 'a-0' });
const mixed = `[${text({ ticker: 'MSFT', price: 300, timestamp: T })},{"ticker":"MSFT","price":"1,5"},${futureElement}]`;
const MESSAGES: readonly (readonly [string, string])[] = [
  ['AAPL', good],
  ['AAPL', future],
  ['AAPL', NOT_JSON],
  ['MSFT', mixed],
  ['AAPL', good],
  ['AAPL', late],
];
const partitionOf = (symbol: string): number => laneOf(symbol, LANES);

const write = process.stdout.write.bind(process.stdout);
const env = { ...process.env };
let data: string;
let printed: string;
let log: EmbeddedLog;
let maker: LakeMaker;
/** Per partition, what the lake has of the log. */
let taken: number[];

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'engine-dead-letters-'));
  process.env = { ...env, LANES: String(LANES) };
  printed = '';
  process.stdout.write = (part: string | Uint8Array): boolean => {
    printed += String(part);
    return true;
  };
  const { rules } = readLayerConfig({ DATA_DIR: data }, 'silver');
  const settings = {
    silver: rules,
    gold: rules,
    rules: rulesVersion(rules),
    lanes: LANES,
    offsetsAreDense: true,
  };
  maker = await LakeMaker.open({ folder: join(data, 'lake'), settings });
  taken = [0, 0];
  const { EmbeddedLog: Opened } = await import('@engine/stream/embedded');
  // What is written by this one came at T; the command's own has the machine's clock.
  log = await Opened.open(join(data, 'log'), { clock: () => T });
  await log.ensureTopic({ name: TOPIC, partitions: LANES });
  const producer = await log.createProducer();
  for (const [symbol, value] of MESSAGES)
    await producer.send(TOPIC, [{ partition: partitionOf(symbol), key: symbol, value }]);
  await producer.close();
  await drain();
});
afterEach(async () => {
  process.stdout.write = write;
  process.env = { ...env };
  maker.close();
  await log.close();
  await rm(data, { recursive: true, force: true });
});

/** The engine takes what is new in the log; says which records that were. */
async function drain(): Promise<readonly { key: string | null; value: string | null }[]> {
  const found = [];
  for (let partition = 0; partition < LANES; partition++) {
    const records = await log.read(TOPIC, partition, taken[partition]!, {
      maxRecords: 100,
      maxBytes: 2 ** 22,
    });
    taken[partition]! += records.length;
    found.push(...records);
  }
  found.sort((one, other) => one.timeMs - other.timeMs || one.offset - other.offset);
  if (found.length > 0) maker.add(found);
  await maker.publish();
  return found.map(({ key, value }) => ({ key: key?.toString() ?? null, value: value?.toString() ?? null }));
}

const run = async (...args: string[]): Promise<number> => {
  printed = '';
  return deadLetters.run([...args, '--data', data]);
};

async function accepted(): Promise<readonly unknown[]> {
  const reader = await LakeReader.open({ folder: join(data, 'lake') });
  try {
    return await reader.query(
      `SELECT symbol, epoch_ms(event_time) AS "time", price, trade_id FROM silver_ticks WHERE verdict = 'accepted'
       ORDER BY symbol, event_time`,
    );
  } finally {
    reader.close();
  }
}

const REPLAYED_ID = `replay:${partitionOf('AAPL')}:1:0`;
const BEFORE = [
  { symbol: 'AAPL', time: T, price: 101.5, trade_id: 'a-1' },
  { symbol: 'MSFT', time: T, price: 300, trade_id: null },
];
const AFTER = [
  BEFORE[0],
  { symbol: 'AAPL', time: T + 60_000, price: 102.25, trade_id: REPLAYED_ID },
  BEFORE[1],
  { symbol: 'MSFT', time: T + 60_000, price: 300.5, trade_id: '9' },
];

describe('engine dead-letters list', () => {
  it('counts what each layer refused, by reason, with first, last and a sample', async () => {
    expect(await run('list', '--format', 'json')).toBe(0);
    const came = '2024-03-01T09:30:00.000000Z';
    expect(JSON.parse(printed)).toEqual([
      { layer: 'bronze', reason: 'bad_price', rows: 1, first: came, last: came, sample: mixed },
      { layer: 'bronze', reason: 'not_json', rows: 1, first: came, last: came, sample: NOT_JSON },
      {
        layer: 'silver',
        reason: 'future',
        rows: 2,
        first: came,
        last: came,
        sample: expect.any(String) as string,
      },
      { layer: 'silver', reason: 'duplicate', rows: 1, first: came, last: came, sample: good },
      { layer: 'silver', reason: 'late', rows: 1, first: came, last: came, sample: late },
    ]);
  });

  it('gives each with its own value, whole, to be edited elsewhere', async () => {
    expect(
      await run('list', '--rows', '--reason', 'bad_price,future', '--symbol', 'MSFT', '--format', 'json'),
    ).toBe(0);
    const place = {
      partition: partitionOf('MSFT'),
      offset: partitionOf('MSFT') === partitionOf('AAPL') ? 3 : 0,
    };
    const common = { recordTime: '2024-03-01T09:30:00.000000Z', symbol: 'MSFT', ...place };
    expect(JSON.parse(printed)).toEqual([
      {
        ...common,
        layer: 'bronze',
        reason: 'bad_price',
        index: 1,
        value: '{"ticker":"MSFT","price":"1,5"}',
      },
      { ...common, layer: 'silver', reason: 'future', index: 2, value: futureElement },
    ]);
  });

  it('chooses by the time of the record', async () => {
    await run('list', '--format', 'json', '--since', '2024-03-01T09:30:00.001Z');
    expect(JSON.parse(printed)).toEqual([]);
    await run('list', '--format', 'json', '--until', '2024-03-01T10:30:00.001+01:00', '--layer', 'bronze');
    expect(JSON.parse(printed)).toHaveLength(2);
  });

  it('shows a terminal nothing that it would obey', async () => {
    await run('list', '--rows', '--layer', 'bronze');
    expect(printed).toContain('not \\u001b[31mjson');
    expect(printed).not.toContain('\u001b');
  });
});

describe('engine dead-letters replay', () => {
  it('sends what can be accepted by now: the message, or the element alone, each with an id', async () => {
    expect(await accepted()).toEqual(BEFORE);
    expect(await run('replay', '--reason', 'future')).toBe(0);
    expect(printed).toContain('2 dead letters: 2 records sent to stock-ticks.');
    const sent = await drain();
    expect(new Set(sent)).toEqual(
      new Set([
        { key: 'AAPL', value: `${future.slice(0, -1)},"id":"${REPLAYED_ID}"}` },
        { key: 'MSFT', value: futureElement },
      ]),
    );
    expect(await accepted()).toEqual(AFTER);
  });

  it('is harmless when it is repeated: no tick is accepted twice', async () => {
    for (let time = 0; time < 3; time++) {
      expect(await run('replay', '--reason', 'future')).toBe(0);
      expect(await drain()).toHaveLength(2);
    }
    expect(await accepted()).toEqual(AFTER);
  });

  it('sends one of several that are the same: a replay in vain leaves no more to replay', async () => {
    await run('replay', '--reason', 'late', '--force');
    expect(await drain()).toEqual([{ key: 'AAPL', value: late }]);
    await run('replay', '--reason', 'late', '--force');
    expect(printed).toContain('2 dead letters: 1 record sent');
    expect(printed).toMatch(/1 repeated: /);
    expect(await drain()).toHaveLength(1);
  });

  it.each([
    ['not_json', NOT_JSON, /1 not_json: would be refused again/],
    ['bad_price', '{"ticker":"MSFT","price":"1,5"}', /1 bad_price: would be refused again/],
    ['duplicate', good, /1 duplicate: the trade was accepted once/],
    ['late', late, /1 late: more than ALLOWED_LATENESS_MS=120000 older/],
  ])('sends no %s that would be refused again, unless it is forced to', async (reason, value, words) => {
    expect(await run('replay', '--reason', reason)).toBe(1);
    expect(printed).toContain('1 dead letter: 0 records sent');
    expect(printed).toMatch(words);
    expect(await drain()).toEqual([]);
    expect(await run('replay', '--reason', reason, '--force')).toBe(0);
    expect((await drain()).map((record) => record.value)).toEqual([value]);
  });

  it('judges by the settings it is given', async () => {
    process.env['ALLOWED_LATENESS_MS'] = '600000';
    expect(await run('replay', '--reason', 'late')).toBe(0);
    expect(await drain()).toEqual([{ key: 'AAPL', value: late }]);
  });

  it('says what it would send, and sends nothing', async () => {
    expect(await run('replay', '--layer', 'silver', '--dry-run')).toBe(0);
    expect(printed).toContain('4 dead letters: 2 records would be sent to stock-ticks.');
    expect(printed).toContain('Would be left out:');
    expect(await drain()).toEqual([]);
  });

  it('says which it cannot send because bronze has let their records go', async () => {
    maker.close();
    await rm(join(data, 'lake', bronzeEvents.name), { recursive: true });
    expect(await run('replay', '--reason', 'future')).toBe(1);
    expect(printed).toMatch(/2 expired: .*RETENTION_BRONZE/);
  });

  it('gives no ids where equal content is a duplicate', async () => {
    process.env['DEDUP_WITHOUT_ID'] = 'content';
    await run('replay', '--reason', 'future', '--symbol', 'AAPL');
    expect(await drain()).toEqual([{ key: 'AAPL', value: future }]);
  });

  it('sends nothing where nothing is chosen, or nothing is like that', async () => {
    await expect(run('replay')).rejects.toThrow(/give --reason R/);
    expect(await run('replay', '--reason', 'bad_side')).toBe(0);
    expect(printed).toContain('No dead letters are like that');
  });

  it('makes no log where there is none', async () => {
    await log.close();
    await rm(join(data, 'log'), { recursive: true });
    await expect(run('replay', '--reason', 'future')).rejects.toThrow(CommandError);
    await expect(run('replay', '--reason', 'future')).rejects.toThrow(/no topic stock-ticks/);
  });
});

it.each([
  [['list', '--reason', 'late,tired'], /--reason tired: choose one of .*late/],
  [['list', '--layer', 'gold'], /--layer gold: choose one of bronze, silver/],
  [['replay', '--since', '2024-03-01'], /--since 2024-03-01: give a time like/],
  [['list', '--format', 'xml'], /--format xml: choose/],
  [['list', '--force'], /--force says nothing to dead-letters list/],
  [['replay', '--reason', 'late', '--rows'], /--rows says nothing/],
  [['forget'], /list or replay/],
  [[], /list or replay/],
])('refuses %j', async (args, words) => {
  await expect(run(...args)).rejects.toThrow(UsageError);
  await expect(run(...args)).rejects.toThrow(words);
});
