import { hashOfRow, parseSchemaText } from '@engine/lake';
import type { ScannedRows, WalkedSegment } from '@engine/lake';
import type { RowReader } from '../rows/watched-rows.js';
import type { Column, TableBatch, TableSchema } from '@engine/medallion';

/** A file whose rows are not the recomputed ones. */
export interface DifferentFile {
  readonly path: string;
  /** Whose rows differ; some of them. */
  readonly symbols: readonly string[];
}

const MAX_SYMBOLS = 5;

/**
 * The compacted segments of a table whose rows lie sorted by symbol: what order they were published in is not known. But how
 * many rows each segment has is, and so which of the recomputed rows, which come in that order, must be in it: their hashes
 * are summed up, and must come to the segment's content.
 */
export class CompactedRows {
  #segment = 0;
  /** Of the segment at hand, by symbol. */
  #sums = new Map<string, bigint>();
  #rowsOfSegment = 0;
  #rows = 0;

  constructor(
    private readonly reader: RowReader,
    private readonly schema: TableSchema,
    private readonly segments: readonly WalkedSegment[],
  ) {}

  /** How many recomputed rows were taken. */
  get rows(): number {
    return this.#rows;
  }

  /** How many rows there are. */
  get total(): number {
    return this.segments.reduce((sum, { footer }) => sum + footer.rows, 0);
  }

  /** Takes the rows that belong to compacted segments, and gives the rest back. Not to be called again after a difference. */
  async take(batch: TableBatch): Promise<{ rest: TableBatch; different: DifferentFile | undefined }> {
    let row = 0;
    for (;;) {
      const segment = this.segments[this.#segment];
      if (segment === undefined) return { rest: rowsFrom(batch, row), different: undefined };
      const end = Math.min(batch.rows, row + segment.footer.rows - this.#rowsOfSegment);
      this.#add(segment, batch, row, end);
      row = end;
      if (this.#rowsOfSegment < segment.footer.rows)
        return { rest: rowsFrom(batch, row), different: undefined };
      const different = await this.#compare(segment);
      if (different !== undefined) return { rest: rowsFrom(batch, row), different };
      this.#segment++;
      this.#rowsOfSegment = 0;
      this.#sums = new Map();
    }
  }

  /** When no more rows come: how many nothing was recomputed for, and how many may yet be; undefined where all came. */
  async left(
    isAhead: (rows: ScannedRows, row: number) => boolean,
  ): Promise<{ path: string; rows: number; ahead: number } | undefined> {
    const segments = this.segments.slice(this.#segment);
    const [first] = segments;
    const rows = this.total - this.#rows;
    if (first === undefined || rows === 0) return undefined;
    let ahead = 0;
    for await (const some of this.reader.scan(this.schema, segments, Object.keys(this.schema.columns)))
      for (let row = 0; row < some.rows; row++) if (isAhead(some, row)) ahead++;
    return { path: first.path, rows, ahead: Math.min(rows, ahead) };
  }

  #add({ footer }: WalkedSegment, batch: TableBatch, from: number, to: number): void {
    const written = parseSchemaText(footer.schema);
    const columns = batch.columns.filter(({ name }) => name in written);
    const symbols = symbolsOf(batch);
    for (let row = from; row < to; row++) {
      const symbol = symbols[row] ?? '';
      this.#sums.set(symbol, (this.#sums.get(symbol) ?? 0n) + hashOfRow(columns, row));
    }
    this.#rowsOfSegment += to - from;
    this.#rows += to - from;
  }

  async #compare(segment: WalkedSegment): Promise<DifferentFile | undefined> {
    const sum = [...this.#sums.values()].reduce((one, other) => one + other, 0n);
    if (decimal(sum) === segment.footer.content) return undefined;
    const stored = await this.reader.contentBySymbol(segment);
    const symbols = [...new Set([...stored.keys(), ...this.#sums.keys()])].filter(
      (symbol) => stored.get(symbol) !== decimal(this.#sums.get(symbol) ?? 0n),
    );
    return { path: segment.path, symbols: symbols.sort().slice(0, MAX_SYMBOLS) };
  }
}

const decimal = (sum: bigint): string => BigInt.asUintN(64, sum).toString();

const symbolsOf = ({ columns }: TableBatch): readonly (string | null)[] =>
  columns.find(({ name }) => name === 'symbol')?.values as readonly (string | null)[];

function rowsFrom(batch: TableBatch, from: number): TableBatch {
  if (from === 0) return batch;
  const slice = (column: Column): Column => ({ ...column, values: column.values.slice(from) });
  return { ...batch, rows: batch.rows - from, columns: batch.columns.map(slice) };
}
