import { createHash, randomBytes } from 'node:crypto';
import type { Column, ColumnType } from '@engine/medallion';
import { CanonicalDictionary, laidTextColumn, numberColumn } from './canonical-columns.js';
import type { CanonicalColumn } from './canonical-columns.js';
import { LaidTexts } from './laid-texts.js';
import { ContentSum } from './content-sum.js';

const bits = (value: number): string => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigInt64(0).toString();
};
const md5 = (text: string): bigint => createHash('md5').update(text).digest().readBigUInt64LE(8);
const sumOf = (texts: readonly string[]): string =>
  BigInt.asUintN(
    64,
    texts.map(md5).reduce((one, other) => one + other, 0n),
  ).toString();

function laidTexts(texts: readonly string[]): CanonicalColumn {
  const parts = texts.map((text) => Buffer.from(text));
  const lengths = Int32Array.from(parts, ({ length }) => length);
  const starts = lengths.map((_, at) => lengths.subarray(0, at).reduce((sum, length) => sum + length, 0));
  return laidTextColumn(new LaidTexts(Buffer.concat(parts), starts, lengths, false));
}

function contentOf(columns: readonly CanonicalColumn[], rows: number): string {
  const sum = new ContentSum();
  sum.add(columns, 0, rows);
  return sum.take();
}

describe('the content of rows in memory', () => {
  it('is the sum of the hashes of texts of any length', () => {
    const texts = Array.from({ length: 300 }, (_, at) => 'x'.repeat(at));
    texts.push('long'.repeat(3_000), 'é😀\uFEFF', '');
    expect(contentOf([laidTexts(texts)], texts.length)).toBe(
      sumOf(texts.map((text) => `${Buffer.byteLength(text)}:${text}`)),
    );
  });

  it('has the bits of doubles, whichever they are', () => {
    const random = randomBytes(8 * 1_000);
    const values = Float64Array.from({ length: 1_000 }, (_, at) => random.readDoubleLE(8 * at));
    values.set([
      0,
      -0,
      Infinity,
      -Infinity,
      NaN,
      Number.MIN_VALUE,
      -Number.MIN_VALUE,
      Number.MAX_VALUE,
      1,
      -1,
    ]);
    values.set([2 ** -1022, -(2 ** -1022), 1e-300, -1e300, 2, -2], 10);
    const texts = Array.from(values, (value) => (Number.isNaN(value) ? ';' : `${bits(value)};`));
    expect(contentOf([numberColumn('DOUBLE', values)], values.length)).toBe(sumOf(texts));
  });

  it('has integers of any number of digits', () => {
    const powers = Array.from({ length: 53 }, (_, at) => 2 ** at).concat(
      Array.from({ length: 16 }, (_, at) => 10 ** at),
    );
    const values = powers.flatMap((power) => [power, power - 1, -power, 1 - power, power + 1]);
    const safe = Float64Array.from([...values.filter(Number.isSafeInteger), NaN, 0, -0]);
    const texts = Array.from(safe, (value) => (Number.isNaN(value) ? ';' : `${value};`));
    expect(contentOf([numberColumn('BIGINT', safe)], safe.length)).toBe(sumOf(texts));
  });

  it('has the columns one after the other, row by row', () => {
    const columns: readonly (readonly [ColumnType, Column['values'] | Float64Array])[] = [
      ['INTEGER', Int32Array.of(1, -2, 0)],
      ['BOOLEAN', Uint8Array.of(1, 0, 2)],
      ['BOOLEAN', Float64Array.of(NaN, 1, 0)],
    ];
    const numbers = columns.map(([type, values]) => numberColumn(type as 'INTEGER', values as Float64Array));
    const known = new CanonicalDictionary();
    for (const text of ['S1', 'ü']) known.add(Buffer.from(text));
    const dictionary = known.column([1, 0, 2]);
    const bytes = Buffer.from('..abé');
    const texts = new LaidTexts(bytes, Int32Array.of(0, 2, 4, 4), Int32Array.of(2, 2, -1, 2), false);
    const laid = laidTextColumn(texts.slice(1, 4));
    expect(contentOf([...numbers, dictionary, laid], 3)).toBe(
      sumOf(['1;1;;2:S12:ab', '-2;0;1;::', '0;;0;2:ü2:é']),
    );
  });

  it('goes on with what comes, and begins anew when it was taken', () => {
    const sum = new ContentSum();
    const column = laidTexts(['a', 'b', 'c', 'd', 'e']);
    sum.add([column], 0, 2);
    sum.add([column], 2, 5);
    expect(sum.take()).toBe(sumOf(['1:a', '1:b', '1:c', '1:d', '1:e']));
    expect(sum.take()).toBe('0');
    sum.add([column], 4, 5);
    expect(sum.take()).toBe(sumOf(['1:e']));
  });
});
