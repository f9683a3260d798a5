import { fileRow } from './file-row.js';
import { JsonLines } from './json-lines.js';
import { LineSplitter } from './lines.js';

function messagesOf(file: Buffer | string): Buffer[] {
  const splitter = new LineSplitter();
  const reader = new JsonLines();
  return [...splitter.push(Buffer.from(file)), ...splitter.end()].flatMap((line) => reader.push(line));
}

describe('JSON lines', () => {
  it('gives every line as it stands, bad ones too, and skips blank ones', () => {
    const lines = ['{"ticker" : "A","price":1.10}', 'not json', ' [1] ', '\xff\xfe', '{}', 'null'];
    const file = Buffer.from(`\n${lines.join('\r\n \t\r\n')}\n\n`, 'latin1');
    expect(messagesOf(file).map((message) => message.toString('latin1'))).toEqual(lines);
  });

  it('needs no newline at the end, and drops a byte order mark', () => {
    expect(messagesOf('\uFEFF{"a":1}\n{"b":2}').map(String)).toEqual(['{"a":1}', '{"b":2}']);
  });
});

describe('fileRow', () => {
  const row = (text: string): { key: string; text: string; eventTimeUs: number | null } => {
    const { key, value, eventTimeUs } = fileRow(Buffer.from(text, 'latin1'), 7, '0123456789ab');
    return { key, text: value.toString('latin1'), eventTimeUs };
  };

  it('adds the id that a valid tick lacks, and changes nothing else', () => {
    expect(row('{"ticker":" A ", "price":1.10,"timestamp":1700000000 } ')).toEqual({
      key: 'A',
      text: '{"ticker":" A ", "price":1.10,"timestamp":1700000000 ,"id":"0123456789ab-7"} ',
      eventTimeUs: 1.7e15,
    });
  });

  it('counts a null id as missing', () => {
    const { text } = row('{"ticker":"A","price":1,"timestamp":1700000000,"id":null}');
    expect(JSON.parse(text)).toMatchObject({ id: '0123456789ab-7' });
  });

  it('leaves a tick with an id as it is', () => {
    const text = '{"id":5,"symbol":"A","price":"1.0","timestamp":"1700000000"}';
    expect(row(text)).toEqual({ key: 'A', text, eventTimeUs: 1.7e15 });
  });

  it.each([
    ['not JSON', 'AAPL,1,2'],
    ['an array', '[{"ticker":"A","price":1,"timestamp":1700000000}]'],
    ['no price', '{"ticker":"A","timestamp":1700000000}'],
    ['a number', '7'],
    ['not UTF-8', '{"ticker":"A","price":1,"timestamp":1700000000,"note":"\xff"}'],
    ['nested deep', '['.repeat(10_000)],
    ['too large', `{"ticker":"A","price":1,"timestamp":1700000000,"note":"${'x'.repeat(1_048_576)}"}`],
  ])('leaves what is no valid single tick as it is, under its row number: %s', (_, text) => {
    expect(row(text)).toEqual({ key: '7', text, eventTimeUs: null });
  });
});
