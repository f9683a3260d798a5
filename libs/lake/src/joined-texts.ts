import type { DuckDBBlobValue, DuckDBConnection, DuckDBDataChunk, DuckDBListVector } from '@duckdb/node-api';
import { LaidTexts } from './laid-texts.js';
import { sqlFiles, sqlName } from './sql-text.js';

/** A file and how many rows it has. */
export interface RowsOfFile {
  readonly path: string;
  readonly rows: number;
}

/** Some rows of a file. */
interface Stretch {
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

export type Texts = readonly (string | null)[];

/** The size of a row group as segments are written: more would be read from two of them. */
const MAX_ROWS = 32_768;
const MIN_ROWS = 2048;
const TARGET_BYTES = 2 ** 23;

/**
 * Columns of texts that do not repeat, in the order they are stored. Asking the driver for one text takes about 400 ns, so the
 * database joins those of some thousand rows to one, which is cut up here.
 */
export class JoinedTexts {
  #file = 0;
  #row = 0;
  #step = MIN_ROWS;
  #at = 0;
  #block: readonly LaidTexts[] = [];

  constructor(
    private readonly connection: DuckDBConnection,
    private readonly files: readonly RowsOfFile[],
    private readonly columns: readonly string[],
  ) {}

  /** The next rows' texts, column by column. Throws when there are fewer than `rows` left. */
  async take(rows: number): Promise<readonly (Texts | LaidTexts)[]> {
    if (this.columns.length === 0) return [];
    if (this.#left === 0) await this.#load();
    if (rows > this.#left) return this.#takePieces(rows);
    const [from, to] = [this.#at, (this.#at += rows)];
    return this.#block.map((texts) => texts.slice(from, to));
  }

  get #left(): number {
    return (this.#block[0]?.rows ?? 0) - this.#at;
  }

  /** Rows of more than one block. */
  async #takePieces(rows: number): Promise<readonly Texts[]> {
    const taken: (string | null)[][] = this.columns.map(() => []);
    for (let missing = rows; missing > 0;) {
      if (this.#left === 0) await this.#load();
      const end = this.#at + Math.min(missing, this.#left);
      for (const [column, block] of this.#block.entries())
        for (const text of block.slice(this.#at, end).texts) taken[column]!.push(text);
      missing -= end - this.#at;
      this.#at = end;
    }
    return taken;
  }

  async #load(): Promise<void> {
    const file = this.#nextFile();
    const end = Math.min(file.rows, this.#row + this.#step - (this.#row % this.#step));
    this.#block = await this.#read({ path: file.path, from: this.#row, to: end });
    this.#row = end;
    this.#at = 0;
  }

  #nextFile(): RowsOfFile {
    while (this.#file < this.files.length && this.#row === this.files[this.#file]!.rows) {
      this.#file++;
      this.#row = 0;
    }
    const file = this.files[this.#file];
    if (file === undefined)
      throw new RangeError('Invalid Error: files have more rows than their footers say');
    return file;
  }

  /** Within a row group an aggregate takes the rows in their order; where several threads went over some, they are sorted. */
  async #read(stretch: Stretch): Promise<readonly LaidTexts[]> {
    const chunk =
      (await this.#joined(stretch, '')) ?? (await this.#joined(stretch, 'ORDER BY file_row_number'));
    if (chunk === undefined) throw new Error(`Invalid Error: ${nameOf(stretch)} are not all there`);
    const joined = this.columns.map((_, at) => ({
      bytes: bufferOf(chunk.getColumnVector(2 * at + 1).getItem(0)),
      lengths: numbersOf(chunk.getColumnVector(2 * at + 2)),
    }));
    const bytes = joined.reduce((sum, column) => sum + column.bytes.length, 0);
    this.#step = stepFor(bytes / (stretch.to - stretch.from));
    return joined.map((column) => LaidTexts.of(column.bytes, column.lengths));
  }

  /** undefined: not all rows, or not in their order. */
  async #joined({ path, from, to }: Stretch, order: string): Promise<DuckDBDataChunk | undefined> {
    const selected = this.columns
      .map(sqlName)
      .flatMap((column) => [
        `encode(coalesce(string_agg(${column}, '' ${order}), ''))`,
        `list(CAST(coalesce(strlen(${column}), -1) AS DOUBLE) ${order})`,
      ]);
    const result = await this.connection.run(
      `SELECT list(CAST(file_row_number AS DOUBLE) ${order}), ${selected.join(', ')}
       FROM read_parquet(${sqlFiles([path])}, file_row_number = true)
       WHERE file_row_number >= ${from} AND file_row_number < ${to}`,
    );
    const chunk = await result.fetchChunk();
    if (chunk === null) return undefined;
    const rows = numbersOf(chunk.getColumnVector(0));
    return rows.length === to - from && rows.every((row, at) => row === from + at) ? chunk : undefined;
  }
}

/** Texts as long as those before must not take more memory than some megabytes. */
function stepFor(bytesPerRow: number): number {
  const rows = TARGET_BYTES / Math.max(1, bytesPerRow);
  return Math.max(MIN_ROWS, Math.min(MAX_ROWS, 2 ** Math.floor(Math.log2(rows))));
}

const nameOf = ({ path, from, to }: Stretch): string => `${path}: rows [${from}, ${to})`;

/** The items of the only list of a vector. */
function numbersOf(vector: unknown): Float64Array {
  const { childVector } = vector as DuckDBListVector;
  const numbers = new Float64Array(childVector.itemCount);
  for (let at = 0; at < numbers.length; at++) numbers[at] = childVector.getItem(at) as number;
  return numbers;
}

function bufferOf(value: unknown): Buffer {
  const { bytes } = value as DuckDBBlobValue;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
