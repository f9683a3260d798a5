import type { ScannedRows, WalkedSegment } from '@engine/lake';
import type { TableBatch, TableSchema } from '@engine/medallion';
import { damage, note } from '../finding.js';
import type { Finding } from '../finding.js';
import { UNKNOWN_WRITER } from '../remedies.js';
import { describeDifference } from '../rows/first-difference.js';
import { fileOfRow } from '../rows/segment-of.js';
import type { VerifyContext } from '../verify-context.js';
import { StoredTable } from './stored-table.js';

/** Whether a stored row was decided after all that is known of the lane. `clockUs`: the lane's as far as that goes. */
export type IsAhead = (rows: ScannedRows, row: number, known: { clockUs: number; offset: number }) => boolean;

/** A table that is computed again and compared row by row, up to the first difference or the first stretch of other rules. */
export class ComparedTable {
  readonly #stored: StoredTable;
  readonly #own: readonly WalkedSegment[];
  #isOver = false;

  constructor(
    context: VerifyContext,
    private readonly schema: TableSchema,
    private readonly lane: number,
    private readonly isAhead: IsAhead,
  ) {
    const readable = context.readable(schema, lane);
    const foreign = readable.findIndex((segment) => !context.isOwn(segment));
    this.#own = foreign < 0 ? readable : readable.slice(0, foreign);
    this.#stored = new StoredTable(context.lake, schema, this.#own);
  }

  /** How many rows were compared. */
  get rows(): number {
    return this.#stored.at;
  }

  async *compare(batches: readonly TableBatch[], isCertain: boolean): AsyncGenerator<Finding> {
    const batch = batches.find(({ schema }) => schema.name === this.schema.name);
    if (batch === undefined || this.#isOver) return;
    const difference = await this.#stored.compare(batch);
    if (difference === undefined) return;
    this.#isOver = true;
    const where = `${fileOfRow(this.#own, difference.at)}, row ${difference.at} of the lane`;
    const what = `recomputed from bronze, ${describeDifference(difference)} (symbol ${difference.symbol ?? ''})`;
    yield isCertain
      ? damage(where, what, UNKNOWN_WRITER)
      : note(where, `${what}, after an offset whose record is not published yet`, REST);
  }

  /** When all there is was computed again. */
  async *end(known: { clockUs: number; offset: number }, isCertain: boolean): AsyncGenerator<Finding> {
    if (this.#isOver) return;
    const where = `${this.schema.name}/lane=${this.lane}`;
    let ahead = 0;
    const first = this.#stored.at;
    for await (const rows of this.#stored.rest()) {
      for (let row = 0; row < rows.rows; row++) {
        if (this.isAhead(rows, row, known)) ahead++;
        else {
          yield this.#tooMuch(first + ahead, String(rows.value('symbol', row)), isCertain);
          return;
        }
      }
    }
    if (ahead > 0) yield note(where, `${ahead} rows follow from ticks that silver has not published yet`);
    const lag = this.#stored.ahead;
    if (lag > 0) yield note(where, `${lag} rows are not published yet`);
  }

  async close(): Promise<void> {
    await this.#stored.close();
  }

  #tooMuch(at: number, symbol: string, isCertain: boolean): Finding {
    const where = `${fileOfRow(this.#own, at)}, row ${at} of the lane`;
    const what = `nothing in bronze leads to this row and those after it (symbol ${symbol})`;
    return isCertain ? damage(where, what, UNKNOWN_WRITER) : note(where, what, REST);
  }
}

const REST = 'let the engine run and stop it with Ctrl-C, then verify again';
