import fc from 'fast-check';
import { isBlank, LineSplitter } from './lines.js';

function split(chunks: readonly Buffer[]): string[] {
  const splitter = new LineSplitter();
  const lines = [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
  return lines.map((line) => line.toString('latin1'));
}

describe('LineSplitter', () => {
  it('gives the same lines however the bytes are cut into chunks', () => {
    const bytes = fc
      .uint8Array({ maxLength: 60 })
      .map((array) => Buffer.from(array.map((byte) => byte % 16)));
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 7 }), (text, chunkSize) => {
        const chunks = Array.from({ length: Math.ceil(text.length / chunkSize) }, (_, i) =>
          text.subarray(i * chunkSize, (i + 1) * chunkSize),
        );
        const lines = text.toString('latin1').split('\n');
        if (lines.at(-1) === '') lines.pop();
        expect(split(chunks)).toEqual(lines);
      }),
    );
  });

  it('drops a byte order mark, at the start only', () => {
    const mark = Buffer.from('\uFEFF');
    const file = Buffer.concat([mark, Buffer.from('a\n'), mark, Buffer.from('b')]);
    expect(split([file])).toEqual(['a', mark.toString('latin1') + 'b']);
    expect(split([file.subarray(0, 1), file.subarray(1)])).toEqual(['a', mark.toString('latin1') + 'b']);
  });

  it('takes a long line in many chunks', () => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const lines = split([...Array.from({ length: 160 }, () => chunk), Buffer.from('\ny')]);
    expect(lines.map((line) => line.length)).toEqual([10 * 1024 * 1024, 1]);
  });
});

describe('isBlank', () => {
  it('is true for white space only', () => {
    expect(['', ' ', '\t \r', ' x', '\u00a0'].map((line) => isBlank(Buffer.from(line)))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
