import { LaidTexts } from './laid-texts.js';

type Values = Float64Array | readonly (string | null)[] | LaidTexts;

/**
 * Some rows of a table, column by column. Every column but text is numbers: times in µs since the epoch, booleans 0 or 1,
 * null is NaN.
 */
export class ScannedRows {
  constructor(
    readonly rows: number,
    private readonly columns: ReadonlyMap<string, Values>,
  ) {}

  /** Throws where the column was not scanned, or is text. */
  numbers(column: string): Float64Array {
    const values = this.columns.get(column);
    if (!(values instanceof Float64Array))
      throw new RangeError(`${column} is not a scanned column of numbers`);
    return values;
  }

  /** Throws where the column was not scanned, or is not text. */
  texts(column: string): readonly (string | null)[] {
    const values = this.columns.get(column);
    if (values === undefined || values instanceof Float64Array)
      throw new RangeError(`${column} is not a scanned column of text`);
    return values instanceof LaidTexts ? values.texts : values;
  }

  /** undefined: the column is not text, or its bytes are not at hand. */
  laid(column: string): LaidTexts | undefined {
    const values = this.columns.get(column);
    return values instanceof LaidTexts ? values : undefined;
  }

  /** null where the row has none. */
  value(column: string, row: number): string | number | null {
    const values = this.columns.get(column);
    const value = (values instanceof LaidTexts ? values.texts : values)?.[row] ?? null;
    return typeof value === 'number' && Number.isNaN(value) ? null : value;
  }

  slice(from: number, to: number): ScannedRows {
    if (from === 0 && to === this.rows) return this;
    const columns = [...this.columns].map(([name, values]) => [name, values.slice(from, to)] as const);
    return new ScannedRows(to - from, new Map(columns));
  }

  /** With other values in some columns. */
  with(columns: ReadonlyMap<string, Values>): ScannedRows {
    return new ScannedRows(this.rows, new Map([...this.columns, ...columns]));
  }

  /** These rows and then the others, which have the same columns. */
  followedBy(others: ScannedRows): ScannedRows {
    if (this.rows === 0) return others;
    const columns = [...this.columns].map(
      ([name, values]) => [name, joined(values, others.columns.get(name) ?? [])] as const,
    );
    return new ScannedRows(this.rows + others.rows, new Map(columns));
  }
}

function joined(one: Values, other: Values): Values {
  if (!(one instanceof Float64Array)) return textsOf(one).concat(textsOf(other as typeof one));
  const both = new Float64Array(one.length + (other as Float64Array).length);
  both.set(one);
  both.set(other as Float64Array, one.length);
  return both;
}

const textsOf = (values: Exclude<Values, Float64Array>): readonly (string | null)[] =>
  values instanceof LaidTexts ? values.texts : values;
