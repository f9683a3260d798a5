import { isAscii } from 'node:buffer';
import type { DuckDBDataChunk } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { ColumnType } from '@engine/medallion';
import { LaidTexts } from './laid-texts.js';

/* Columns of a chunk, copied from where they lie in the database's memory: asking the driver for each value takes ten times as long. */

interface VectorMemory {
  readonly data: Uint8Array;
  /** A bit per row, 0 where it is null; null where none is. */
  readonly validity: Uint8Array | null;
}

const BYTES: Readonly<Record<ColumnType, number>> = {
  BIGINT: 8,
  INTEGER: 4,
  TIMESTAMP: 8,
  DOUBLE: 8,
  BOOLEAN: 1,
  VARCHAR: 16,
};

/** Valid as long as the chunk is. The column must be of the type. */
function memoryOf(chunk: DuckDBDataChunk, column: number, type: ColumnType): VectorMemory {
  const vector = duckdb.data_chunk_get_vector(chunk.chunk, column);
  const data = duckdb.vector_get_data(vector, chunk.rowCount * BYTES[type]);
  const validity = duckdb.vector_get_validity(
    vector,
    Math.ceil(chunk.rowCount / 64) * 8,
  ) as Uint8Array | null;
  return { data, validity };
}

const isNull = (validity: Uint8Array, row: number): boolean => (validity[row >> 3]! & (1 << (row & 7))) === 0;

/** NaN for null. Integers beyond 2^53 are rounded. */
export function numbersOf(
  chunk: DuckDBDataChunk,
  column: number,
  type: Exclude<ColumnType, 'VARCHAR'>,
): Float64Array {
  const { data, validity } = memoryOf(chunk, column, type);
  const values = valuesOf(data, chunk.rowCount, type);
  if (validity !== null)
    for (let row = 0; row < values.length; row++) if (isNull(validity, row)) values[row] = NaN;
  return values;
}

function valuesOf(
  { buffer, byteOffset }: Uint8Array,
  rows: number,
  type: Exclude<ColumnType, 'VARCHAR'>,
): Float64Array {
  if (type === 'DOUBLE') return new Float64Array(buffer, byteOffset, rows).slice();
  if (type === 'INTEGER') return new Float64Array(new Int32Array(buffer, byteOffset, rows));
  if (type === 'BOOLEAN') return new Float64Array(new Uint8Array(buffer, byteOffset, rows));
  const words = new Int32Array(buffer, byteOffset, rows * 2);
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) values[row] = words[2 * row + 1]! * 2 ** 32 + (words[2 * row]! >>> 0);
  return values;
}

/** Of the 16 bytes that stand for a text the first four are its length. Up to so many bytes follow; longer ones lie elsewhere. */
const MAX_SHORT = 12;
const NOT_ASCII = 0x80808080;

export function textsOf(chunk: DuckDBDataChunk, column: number): LaidTexts {
  const rows = chunk.rowCount;
  const { data, validity } = memoryOf(chunk, column, 'VARCHAR');
  const words = new Uint32Array(data.buffer, data.byteOffset, rows * 4);
  const starts = new Int32Array(rows);
  const lengths = new Int32Array(rows).fill(-1);
  const long = new LongTexts(data);
  let bits = 0;
  for (let row = 0; row < rows; row++) {
    if (validity !== null && isNull(validity, row)) continue;
    const at = row * 4;
    const length = words[at]!;
    lengths[row] = length;
    if (length > MAX_SHORT)
      starts[row] = data.length + long.add(row, words[at + 2]! + words[at + 3]! * 2 ** 32, length);
    else {
      starts[row] = at * 4 + 4;
      bits |= words[at + 1]! | words[at + 2]! | words[at + 3]!;
    }
  }
  const pieces = long.pieces();
  const bytes = Buffer.concat([data, ...pieces]);
  return new LaidTexts(bytes, starts, lengths, (bits & NOT_ASCII) === 0 && pieces.every(isAscii));
}

/** Texts that lie elsewhere, in the order of their rows. A result has most of them one behind the other: those are taken at once. */
class LongTexts {
  readonly #runs: { readonly row: number; bytes: number }[] = [];
  #bytes = 0;
  #end = NaN;

  constructor(private readonly data: Uint8Array) {}

  /** Where among all bytes the text will stand. */
  add(row: number, address: number, length: number): number {
    if (address !== this.#end) this.#runs.push({ row, bytes: 0 });
    this.#runs.at(-1)!.bytes += length;
    this.#end = address + length;
    const at = this.#bytes;
    this.#bytes += length;
    return at;
  }

  /** Not copied yet. */
  pieces(): readonly Uint8Array[] {
    const { buffer, byteOffset } = this.data;
    return this.#runs.map(({ row, bytes }) =>
      duckdb.get_data_from_pointer(buffer as ArrayBuffer, byteOffset + row * BYTES.VARCHAR + 8, bytes),
    );
  }
}
