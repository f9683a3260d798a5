import { LaidTexts, ScannedRows } from '@engine/lake';
import { decodeRows } from '@engine/medallion';
import type { TableBatch } from '@engine/medallion';
import { PlainMessages } from './plain-messages.js';

const TIME_US = 1_700_000_000_000_000;

/** Rows of bronze/events as the decoder makes them of messages. */
function decoded(messages: readonly string[]): TableBatch {
  const records = messages.map((text, offset) => ({
    partition: 0,
    offset,
    timeMs: TIME_US / 1000,
    key: null,
    value: Buffer.from(text),
  }));
  return decodeRows(records).get(0)!;
}

function laid(texts: readonly (string | null)[]): LaidTexts {
  const lengths = Int32Array.from(texts, (text) => (text === null ? -1 : Buffer.byteLength(text)));
  const starts = lengths.map((_, at) =>
    lengths.subarray(0, at).reduce((sum, length) => sum + Math.max(0, length), 0),
  );
  return new LaidTexts(Buffer.from(texts.join('')), starts, lengths, false);
}

/** The rows as a scan gives them; `raws`: in the place of the messages. */
function scanned({ columns, rows }: TableBatch, raws?: readonly (string | null)[]): ScannedRows {
  type Scanned = Float64Array | LaidTexts | readonly (string | null)[];
  const scans = columns.map(({ name, type, values }): readonly [string, Scanned] => {
    const texts = values as readonly (string | null)[];
    if (name === 'raw') return [name, laid(raws ?? texts)];
    if (name === 'trade_id') return [name, laid(texts)];
    return [name, type === 'VARCHAR' ? texts : Float64Array.from(values as Float64Array)];
  });
  return new ScannedRows(rows, new Map(scans));
}

const certainty = (messages: readonly string[]): number[] => [
  ...new PlainMessages().certain(scanned(decoded(messages))),
];

const PLAIN = [
  '{"ticker":"AAPL","price":101.5,"timestamp":1700000000}',
  '{"ticker":"AAPL","price":100,"timestamp":1700000000123,"size":0,"side":"buy","id":12,"source":"feed"}',
  ' { "id" : "t-1" , "ticker" : "^GSPC" , "price" : 0.0001 , "timestamp" : 1700000000123456 }\n',
  '{"timestamp":1700000000.25,"price":1.10,"ticker":"BRK.B","size":12.25,"side":"sell"}',
  '{"ticker":"A","price":123456789.123456,"timestamp":1700000000,"id":9007199254740991}',
];

const ODD = [
  '',
  'null',
  '[]',
  '{}',
  '[{"ticker":"AAPL","price":1,"timestamp":1700000000}]',
  '{"ticker":"AAPL","price":1,"timestamp":1700000000,"price":2}',
  '{"symbol":"AAPL","price":1,"timestamp":1700000000}',
  '{"ticker":"AAPL","symbol":"B","price":1,"timestamp":1700000000,"volume":3}',
  '{"ticker":" AAPL","price":1,"timestamp":1700000000}',
  '{"ticker":"A\\u0041PL","price":1,"timestamp":1700000000}',
  '{"ticker":"AAPL","price":"1","timestamp":"1700000000"}',
  '{"ticker":"AAPL","price":1e2,"timestamp":1700000000}',
  '{"ticker":"AAPL","price":0.12345678901234567,"timestamp":1700000000}',
  '{"ticker":"AAPL","price":1,"timestamp":1700000000,"size":null,"id":null}',
  '{"ticker":"AAPL","price":1,"timestamp":1700000000,"size":-0,"id":-1}',
  '{"ticker":"AAPL","price":1,"timestamp":1700000000,"id":1.0}',
  '{"ticker":"AAPL","price":1,"timestamp":1700000000,"id":9007199254740993}',
  '{"ticker":"AAPL","price":1,"timestamp":1700000000,"id":""}',
  `{"ticker":"AAPL","price":1,"timestamp":1700000000,"id":"${'x'.repeat(129)}"}`,
  `{"ticker":"AAPL","price":1,"timestamp":1700000000,"source":"${'x'.repeat(65)}"}`,
  `{"ticker":"AAPL","price":1,"timestamp":1700000000}${' '.repeat(2 ** 20)}`,
  '{"ticker":"AAPL","price":1,"timestamp":1700000000}x',
  '{"ticker":"AAPL","price":01,"timestamp":1700000000}',
  '{"ticker":"AAPL","price":1.,"timestamp":1700000000}',
  '{"ticker":"AAPL","price":1,"timestamp":1700000000,}',
  '{"ticker":"AAPL","price":1,"timestamp":1700000000,"source":"é"}',
  '{"ticker":"AAPL","price":1}',
];

describe('PlainMessages', () => {
  it('is certain of what most programs write', () => {
    expect(certainty(PLAIN)).toEqual(PLAIN.map(() => 1));
  });

  it('leaves everything else to the decoder', () => {
    expect(ODD.map((message) => certainty([message]))).toEqual(ODD.map((message) => decodedAs0(message)));
  });

  it.each(['price', 'size', 'event_time', 'record_index', 'verdict', 'reason', 'symbol', 'side', 'source'])(
    'is not certain of a row whose %s is another one',
    (column) => {
      const events = decoded([PLAIN[1]!]);
      const columns = events.columns.map((one) =>
        one.name === column
          ? { ...one, values: one.type === 'VARCHAR' ? ['other'] : Float64Array.of(7) }
          : one,
      );
      expect([...new PlainMessages().certain(scanned({ ...events, columns }))]).toEqual([0]);
    },
  );

  it('is not certain of a row that has a sibling', () => {
    const both = scanned(decoded(PLAIN.slice(0, 2)));
    both.numbers('record_offset')[1] = 0;
    expect([...new PlainMessages().certain(both)]).toEqual([0, 0]);
  });

  it('is certain of nothing that the decoder reads differently, whatever bytes are changed', () => {
    let seed = 7;
    const next = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const alphabet = '{}[]":,.0123456789eE+- \\ntickerpricesizeAAPL\t';
    const plain = new PlainMessages();
    let certain = 0;
    for (let round = 0; round < 5_000; round++) {
      const message = PLAIN[next(PLAIN.length)]!;
      const at = next(message.length);
      const [put, skipped] = [alphabet[next(alphabet.length)]!, next(3)];
      const changed =
        message.slice(0, at) + (skipped === 2 ? '' : put) + message.slice(at + Math.min(1, skipped));
      const stored = decoded([message]);
      if (plain.certain(scanned(stored, [changed]))[0] === 0) continue;
      certain++;
      const again = decoded([changed]);
      for (const [place, { name, values }] of stored.columns.entries())
        if (name !== 'raw') expect(again.columns[place]!.values).toEqual(values);
    }
    // Blanks and zeros at the end of a fraction change nothing.
    expect(certain).toBeGreaterThan(50);
  });
});

/** As many noes as the decoder makes rows. */
const decodedAs0 = (message: string): number[] => Array.from({ length: decoded([message]).rows }, () => 0);
