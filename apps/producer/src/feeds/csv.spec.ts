import fc from 'fast-check';
import { splitCsvRecord } from './csv-record.js';
import { csvTicks } from './csv-ticks.js';
import { CsvRows } from './csv.js';
import { LineSplitter } from './lines.js';

function messagesOf(file: Buffer | string, rows = new CsvRows(csvTicks)): string[] {
  const splitter = new LineSplitter();
  const lines = [...splitter.push(Buffer.from(file)), ...splitter.end()];
  return [...lines.flatMap((line) => rows.push(line)), ...rows.end()].map((message) =>
    message.toString('latin1'),
  );
}

describe('splitCsvRecord', () => {
  const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;

  it('reads back whatever was quoted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é') }), { minLength: 1 }),
        (fields) => {
          expect(splitCsvRecord(fields.map(quoted).join(','))).toEqual(fields);
        },
      ),
    );
  });

  it.each<[string, ReturnType<typeof splitCsvRecord>]>([
    ['a,b', ['a', 'b']],
    ['', ['']],
    [',', ['', '']],
    ['"a","b,c",d', ['a', 'b,c', 'd']],
    ['"a",', ['a', '']],
    ['"",""', ['', '']],
    ['"a""b"', ['a"b']],
    ['"a', 'open'],
    ['x,"a""', 'open'],
    ['a"b,c', 'malformed'],
    ['"a"b,c', 'malformed'],
    [' "a"', 'malformed'],
  ])('%j', (text, record) => {
    expect(splitCsvRecord(text)).toEqual(record);
  });
});

describe('CSV of ticks', () => {
  it('keeps prices and sizes as the text they are, and leaves out what is empty', () => {
    expect(messagesOf('ticker,price,timestamp,size,side\nAAPL,101.10,1700000000,,buy\n')).toEqual([
      '{"ticker":"AAPL","price":"101.10","timestamp":"1700000000","side":"buy"}',
    ]);
  });

  it('takes the other names, and passes on columns it does not know', () => {
    expect(
      messagesOf('symbol,volume,price,timestamp,venue,__proto__\nMSFT,5,1e2,1700000000123,"X, Y",p\n'),
    ).toEqual([
      '{"symbol":"MSFT","volume":"5","price":"1e2","timestamp":"1700000000123","venue":"X, Y","__proto__":"p"}',
    ]);
  });

  it('gives a timestamp with a fraction as a number: seconds', () => {
    const messages = messagesOf('ticker,price,timestamp\nA,1,1700000000.25\nA,1,1795398759.0\nA,1,01.5\n');
    expect(messages.map((message) => (JSON.parse(message) as { timestamp: unknown }).timestamp)).toEqual([
      1700000000.25,
      1795398759,
      '01.5',
    ]);
  });

  it('reads CRLF, blank lines, blanks around names and values, no newline at the end', () => {
    expect(messagesOf('\uFEFFticker, price ,timestamp\r\n\r\nA , 1,1700000000\r\n\nB,2,1700000001')).toEqual([
      '{"ticker":"A","price":"1","timestamp":"1700000000"}',
      '{"ticker":"B","price":"2","timestamp":"1700000001"}',
    ]);
  });

  it('reads a quoted field of several lines', () => {
    expect(
      messagesOf('ticker,price,timestamp,note\r\nA,1,1700000000,"x\r\n\r\ny"\r\nB,2,1700000001,z\r\n'),
    ).toEqual([
      '{"ticker":"A","price":"1","timestamp":"1700000000","note":"x\\r\\n\\r\\ny"}',
      '{"ticker":"B","price":"2","timestamp":"1700000001","note":"z"}',
    ]);
  });

  it('sends a line that is no record as it stands, and goes on with the next', () => {
    const bad = ['A,1', 'A,1,1700000000,x', 'A"A,1,1700000000', '"A"x,1,1700000000', 'A\xff,1,1700000000'];
    const file = Buffer.from(`ticker,price,timestamp\n${bad.join('\r\n')}\nB,2,1700000001\n`, 'latin1');
    expect(messagesOf(file)).toEqual([...bad, '{"ticker":"B","price":"2","timestamp":"1700000001"}']);
  });

  it('loses only the line with a quote that nobody closes', () => {
    const good = Array.from({ length: 300 }, (_, i) => `B,${i + 1},1700000001`);
    const messages = messagesOf(['ticker,price,timestamp', '"A,1,1700000000', ...good].join('\n'));
    expect(messages[0]).toBe('"A,1,1700000000');
    expect(messages.slice(1)).toEqual(
      good.map((_, i) => `{"ticker":"B","price":"${i + 1}","timestamp":"1700000001"}`),
    );
  });
});
