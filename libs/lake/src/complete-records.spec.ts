import { ScannedRows } from './scanned-rows.js';
import fc from 'fast-check';
import { completeRecords } from './complete-records.js';

const rowsOf = (offsets: readonly number[]): ScannedRows =>
  new ScannedRows(offsets.length, new Map([['at', Float64Array.from(offsets)]]));

async function cut(chunks: readonly (readonly number[])[], minRows: number): Promise<number[][]> {
  async function* scan(): AsyncGenerator<ScannedRows> {
    for (const chunk of chunks) yield await Promise.resolve(rowsOf(chunk));
  }
  const blocks: number[][] = [];
  for await (const block of completeRecords(scan(), 'at', minRows)) blocks.push([...block.numbers('at')]);
  return blocks;
}

describe('completeRecords', () => {
  it('keeps the rows of a record together', async () => {
    expect(await cut([[1, 1, 2], [2, 2, 3], [4]], 1)).toEqual([[1, 1], [2, 2, 2], [3], [4]]);
  });

  it('gathers a record that is longer than what comes at a time', async () => {
    expect(
      await cut(
        [
          [1, 1],
          [1, 1],
          [1, 2],
        ],
        1,
      ),
    ).toEqual([[1, 1, 1, 1, 1], [2]]);
  });

  it('loses no row and splits no record, however they come', async () => {
    const offsets = fc.array(fc.nat(5), { maxLength: 40 }).map((some) => some.sort((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(
        offsets,
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 9 }),
        async (all, size, min) => {
          const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
            all.slice(at * size, (at + 1) * size),
          );
          const blocks = await cut(chunks, min);
          expect(blocks.flat()).toEqual(all);
          for (const [at, block] of blocks.entries()) expect(block.at(-1)).not.toBe(blocks[at + 1]?.[0]);
        },
      ),
    );
  });
});
