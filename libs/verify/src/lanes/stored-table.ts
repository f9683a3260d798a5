import type { ScannedRows, WalkedSegment } from '@engine/lake';
import type { RowReader } from '../rows/watched-rows.js';
import type { TableBatch, TableSchema } from '@engine/medallion';
import type { Difference } from '../rows/first-difference.js';
import { firstDifference } from '../rows/first-difference.js';

export interface StoredDifference extends Difference {
  /** Among all rows of the table in this lane. */
  readonly at: number;
  readonly symbol: string | null;
}

/** A table's stored rows in one lane, compared with recomputed ones as these come, row after row. */
export class StoredTable {
  readonly #scan: AsyncGenerator<ScannedRows, void>;
  #chunk: ScannedRows | undefined;
  #row = 0;
  #at = 0;
  #ahead = 0;

  constructor(
    reader: RowReader,
    readonly schema: TableSchema,
    readonly segments: readonly WalkedSegment[],
  ) {
    this.#scan = reader.scan(schema, segments, Object.keys(schema.columns));
  }

  /** How many recomputed rows there were when no stored ones were left. */
  get ahead(): number {
    return this.#ahead;
  }

  /** How many stored rows have been looked at. */
  get at(): number {
    return this.#at;
  }

  /** The first stored row that is not the recomputed one in its place. Not to be called again after that. */
  async compare(batch: TableBatch): Promise<StoredDifference | undefined> {
    let done = 0;
    while (done < batch.rows) {
      const chunk = await this.#current();
      if (chunk === undefined) {
        this.#ahead += batch.rows - done;
        return undefined;
      }
      const rows = Math.min(batch.rows - done, chunk.rows - this.#row);
      const difference = firstDifference(chunk, batch, { stored: this.#row, recomputed: done, rows });
      if (difference !== undefined) {
        const symbol = chunk.texts('symbol')[this.#row + difference.row] ?? null;
        return { ...difference, at: this.#at + difference.row, symbol };
      }
      this.#row += rows;
      this.#at += rows;
      done += rows;
    }
    return undefined;
  }

  /** The stored rows that nothing was recomputed for. */
  async *rest(): AsyncGenerator<ScannedRows, void> {
    for (let chunk = await this.#current(); chunk !== undefined; chunk = await this.#current()) {
      yield chunk.slice(this.#row, chunk.rows);
      this.#at += chunk.rows - this.#row;
      this.#row = chunk.rows;
    }
  }

  async close(): Promise<void> {
    await this.#scan.return();
  }

  async #current(): Promise<ScannedRows | undefined> {
    if (this.#chunk !== undefined && this.#row < this.#chunk.rows) return this.#chunk;
    const next = await this.#scan.next();
    this.#chunk = next.done === true ? undefined : next.value;
    this.#row = 0;
    return this.#chunk;
  }
}
