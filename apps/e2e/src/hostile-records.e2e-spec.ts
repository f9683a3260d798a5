import { differencesFromLoops } from './checks/against-loops.js';
import { noDifferences } from './checks/against-sql.js';
import { bronzeTicks, bronzeVerdicts, expectedTicks, expectedVerdicts, inputTicks } from './checks/bronze.js';
import type { ExpectedRecord } from './checks/bronze.js';
import { structuralProblems } from './checks/structure.js';
import { accepted, record, refused } from './input/expected.js';
import type { Expected, InputRecord } from './input/expected.js';
import { tickText } from './input/refusals.js';
import { defaultSettings, differences } from '@engine/oracle';
import { runBacklog, untilNoProcessNames } from './support/engine.js';
import { Lake } from './support/lake.js';
import { publish, readTopic, STOCK_TICKS } from './support/log.js';
import type { Published } from './support/log.js';
import { tempFolder } from './support/temp-folder.js';

const MIB = 2 ** 20;
const DEEP = 10_000;
const CUT = 64 * 1_024;
const vec = accepted({ symbol: 'VEC', price: 101.5, t: 1_709_164_800_000_000 });

/** A good tick, so that every bad record has siblings. */
function sibling(at: number): InputRecord {
  const t = 1_709_164_800_000_000 + at * 1_000_000;
  const tick = accepted({ symbol: 'GOOD', price: 100 + at, t, id: `sibling-${at}` });
  return record(
    tickText({ ticker: '"GOOD"', price: String(100 + at), timestamp: String(t), id: `"sibling-${at}"` }),
    tick,
  );
}

function paddedTo(bytes: number): string {
  const bare = tickText({ extra: '""' });
  return tickText({ extra: `"${'x'.repeat(bytes - bare.length)}"` });
}

const nested = (open: string, close: string, inside = ''): string =>
  open.repeat(DEEP) + inside + close.repeat(DEEP);

const hostile: Readonly<Record<string, InputRecord & { tombstone?: true }>> = {
  'a message of 10 MB': record(paddedTo(10_000_000), refused('too_large')),
  'a message of 1 MiB and a byte': record(paddedTo(MIB + 1), refused('too_large')),
  'a message of 1 MiB': record(paddedTo(MIB), vec),
  'an empty message': record('', refused('empty')),
  'a tombstone': { ...record('', refused('empty')), tombstone: true },
  'arrays nested 10,000 deep': record(nested('[', ']'), refused('not_an_object')),
  'objects nested 10,000 deep': record(nested('{"a":', '}', '1'), refused('missing_ticker')),
  'a good tick with 10,000 levels in it': record(tickText({ extra: nested('{"a":[', ']}') }), vec),
  'only the beginning of 100,000 levels': record('['.repeat(100_000), refused('not_json')),
  'a tick that hides in __proto__': record(`{"__proto__":${tickText({})}}`, refused('missing_ticker')),
  'a good tick with __proto__ and constructor keys': record(
    tickText({ ['__proto__']: '{"price":-1,"side":"up"}', constructor: '{"prototype":{"id":1.5}}' }),
    vec,
  ),
  'a symbol called __proto__': record(tickText({ ticker: '"__proto__"' }), refused('bad_ticker')),
  'bytes that are no UTF-8': record(Buffer.from([0xff, 0xfe, 0x00, 0x80]), refused('not_json')),
  'a good tick but for a byte that is no UTF-8': record(
    Buffer.concat([
      Buffer.from('{"ticker":"VEC","price":1,"timestamp":1709164800,"x":"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}'),
    ]),
    refused('not_json'),
  ),
  'a NUL byte': record(`{"ticker":"VEC"\u0000}`, refused('not_json')),
  'a NUL escaped in a symbol': record(tickText({ ticker: '"VE\\u0000C"' }), refused('bad_ticker')),
  'quotes, line ends and a semicolon for SQL and CSV': record(
    `{"ticker":"VEC'); DROP TABLE x; --","a":"\\"\\n\\r\\t,;"}`,
    refused('bad_ticker'),
  ),
  'a number too large for a double in a field nobody reads': record(tickText({ extra: '1e400' }), vec),
  'an array whose bad elements leave their siblings alone': record(
    `[${['1', tickText({}), tickText({ price: '-1' }), nested('[', ']'), tickText({})].join(',')}]`,
    ...([
      refused('not_an_object'),
      vec,
      refused('bad_price'),
      refused('not_an_object'),
      vec,
    ] satisfies Expected[]),
  ),
};

describe('hostile records among good ones', () => {
  let dataDir: string;
  let records: ExpectedRecord[];
  let deadLetters: Published[];
  let lake: Lake;

  beforeAll(async () => {
    dataDir = tempFolder('hostile');
    const input = Object.values(hostile).flatMap((one, at) => [sibling(2 * at), one, sibling(2 * at + 1)]);
    const sends = input.map((one) => [{ partition: 1, value: 'tombstone' in one ? null : one.value }]);
    await publish(dataDir, sends);
    const published = await readTopic(dataDir, STOCK_TICKS);
    records = input.map((one, at) => ({ ...one, published: published[at]! }));
    await runBacklog(dataDir);
    deadLetters = await readTopic(dataDir, 'dead-letters');
    lake = await Lake.open(dataDir);
  });
  afterAll(async () => {
    lake.close();
    await untilNoProcessNames(dataDir);
  });

  it.each(Object.keys(hostile))('%s gets its verdict and is kept as it came', async (name) => {
    const one = records.find(
      ({ value, expected }) => value === hostile[name]?.value && expected === hostile[name].expected,
    );
    const stored = await lake.duck.rows(`FROM bronze_events WHERE record_offset = ${one!.published.offset}`);
    expect(differences(stored, expectedVerdicts([one!]), bronzeVerdicts).map(shortened)).toEqual([]);
  });

  it('no good tick is hurt', async () => {
    const bronze = await lake.duck.rows("FROM bronze_events WHERE verdict = 'accepted'");
    expect(differences(bronze, expectedTicks(records, new Map()), bronzeTicks)).toEqual([]);
    const inputs = inputTicks(records, new Map());
    expect(await differencesFromLoops(lake, inputs, defaultSettings)).toEqual(noDifferences);
  });

  it('ledger-balanced, chain-contiguous', async () => {
    expect(await structuralProblems(lake, defaultSettings)).toEqual([]);
  });

  it('announces every refused one on dead-letters, with its reason and value', () => {
    const announced = new Map(
      deadLetters
        .filter(({ headers }) => headers['layer'] === 'bronze')
        .map((letter) => [
          `${letter.headers['partition']}/${letter.headers['offset']}/${letter.headers['index']}`,
          letter,
        ]),
    );
    for (const { published, expected, value } of records)
      for (const [index, { reason }] of expected.entries()) {
        const letter = announced.get(`${published.partition}/${published.offset}/${index}`);
        expect(letter?.headers['reason']).toBe(reason ?? undefined);
        if (letter === undefined) continue;
        expect(letter.headers['topic']).toBe(STOCK_TICKS);
        expect(letter.value?.length ?? 0).toBe(Math.min(value.length, CUT));
        expect(value.subarray(0, CUT).equals(letter.value ?? Buffer.alloc(0))).toBe(true);
        expect('truncated' in letter.headers).toBe(value.length > CUT);
      }
  });
});

function shortened(text: string): string {
  return text.length > 400 ? `${text.slice(0, 400)}… (${text.length})` : text;
}
