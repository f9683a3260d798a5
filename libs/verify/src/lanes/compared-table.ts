import type { ScannedRows, WalkedSegment } from '@engine/lake';
import type { TableBatch, TableSchema } from '@engine/medallion';
import { silverMarkers, silverTicks } from '@engine/medallion';
import { damage, note } from '../finding.js';
import type { Finding } from '../finding.js';
import { UNKNOWN_WRITER } from '../remedies.js';
import { describeDifference } from '../rows/first-difference.js';
import { fileOfRow } from '../rows/segment-of.js';
import type { VerifyContext } from '../verify-context.js';
import { CompactedRows } from './compacted-rows.js';
import { StoredTable } from './stored-table.js';

/** Whether a stored row was decided after all that is known of the lane. `clockUs`: the lane's as far as that goes. */
export type IsAhead = (rows: ScannedRows, row: number, known: { clockUs: number; offset: number }) => boolean;

/** A table that is computed again and compared row by row, up to the first difference or the first stretch of other rules. */
export class ComparedTable {
  readonly #compacted: CompactedRows;
  readonly #stored: StoredTable;
  /** True where rows that this table's begin with, or that it follows from, were retired. */
  readonly #isRetired: boolean;
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
    const compacted = this.#own.filter(({ level }) => level > 0);
    this.#compacted = new CompactedRows(context.rows, schema, compacted);
    this.#stored = new StoredTable(context.rows, schema, this.#own.slice(compacted.length));
    this.#isRetired = [schema, silverTicks, silverMarkers].some(
      (table) => (context.chain(table, lane)?.walk.start ?? 0) > 0,
    );
    this.#isOver = this.#isRetired;
  }

  /** How many rows were compared. */
  get rows(): number {
    return this.#compacted.rows + this.#stored.at;
  }

  async *compare(batches: readonly TableBatch[], isCertain: boolean): AsyncGenerator<Finding> {
    const batch = batches.find(({ schema }) => schema.name === this.schema.name);
    if (batch === undefined || this.#isOver) return;
    const { rest, different } = await this.#compacted.take(batch);
    if (different !== undefined) {
      this.#isOver = true;
      const what = `recomputed from bronze, its rows come out differently: those of ${different.symbols.join(', ')}`;
      yield isCertain ? damage(different.path, what, UNKNOWN_WRITER) : note(different.path, what, REST);
      return;
    }
    const difference = await this.#stored.compare(rest);
    if (difference === undefined) return;
    this.#isOver = true;
    const at = this.#compacted.rows + difference.at;
    const where = `${fileOfRow(this.#own, at)}, row ${at} of the lane`;
    const what = `recomputed from bronze, ${describeDifference(difference)} (symbol ${difference.symbol ?? ''})`;
    yield isCertain
      ? damage(where, what, UNKNOWN_WRITER)
      : note(where, `${what}, after an offset whose record is not published yet`, REST);
  }

  /** When all there is was computed again. */
  async *end(known: { clockUs: number; offset: number }, isCertain: boolean): AsyncGenerator<Finding> {
    const where = `${this.schema.name}/lane=${this.lane}`;
    if (this.#isRetired)
      yield note(where, 'its rows, or those they follow from, begin at a floor: not recomputed');
    if (this.#isOver) return;
    const left = await this.#compacted.left((rows, row) => this.isAhead(rows, row, known));
    if (left !== undefined && left.ahead < left.rows) {
      const what = `nothing in bronze leads to ${left.rows - left.ahead} of its rows`;
      yield isCertain ? damage(left.path, what, UNKNOWN_WRITER) : note(left.path, what, REST);
      return;
    }
    if (left !== undefined)
      yield note(where, `${left.rows} rows follow from ticks that silver has not published yet`);
    let ahead = 0;
    const first = this.#compacted.total + this.#stored.at;
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
