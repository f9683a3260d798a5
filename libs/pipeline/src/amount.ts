import type { ColumnValues, TableBatch } from '@engine/medallion';

/**
 * Characters of a segment's rows. More would not fit into memory where a segment is written: 20,000 records of 4 KiB do not, in
 * the 128 MB that DuckDB has.
 */
const MAX_TEXT = 8 * 1024 * 1024;

/** So many rows, with so many characters in all their texts. */
export class Amount {
  static readonly none = new Amount(0, 0);

  private constructor(
    readonly rows: number,
    private readonly text: number,
  ) {}

  static of({ rows, columns }: TableBatch): Amount {
    let text = 0;
    for (const { type, values } of columns)
      if (type === 'VARCHAR')
        for (const value of values as ColumnValues['VARCHAR']) text += value?.length ?? 0;
    return new Amount(rows, text);
  }

  plus({ rows, text }: Amount): Amount {
    return new Amount(this.rows + rows, this.text + text);
  }

  minus({ rows, text }: Amount): Amount {
    return new Amount(this.rows - rows, this.text - text);
  }

  /** Whether it is enough for a segment. */
  fills(maxRows: number): boolean {
    return this.rows >= maxRows || this.text >= MAX_TEXT;
  }

  /** Whether it is more than a segment has to have. */
  exceeds(maxRows: number): boolean {
    return this.rows > maxRows || this.text > MAX_TEXT;
  }
}
