import type { ScannedRows } from './scanned-rows.js';
import { tickColumns } from './tick-columns.js';
import type { TickColumns } from './tick-columns.js';

/** What bronze accepted for one lane, by event time: read row after row. */
export class EventTimeTicks {
  #columns: TickColumns | undefined;
  #partitions: Float64Array = new Float64Array();
  #rows = 0;
  #at = 0;

  constructor(private readonly scan: AsyncGenerator<ScannedRows, void>) {}

  /** undefined: no row is loaded. `load` has to be awaited. */
  get columns(): TickColumns | undefined {
    return this.#at < this.#rows ? this.#columns : undefined;
  }

  /** The row at hand, in `columns`. */
  get row(): number {
    return this.#at;
  }

  get partition(): number {
    return this.#partitions[this.#at]!;
  }

  /** False: there are no rows any more. */
  async load(): Promise<boolean> {
    while (this.#at >= this.#rows) {
      const next = await this.scan.next();
      if (next.done === true) return false;
      this.#columns = tickColumns(next.value, 'origin_offset', 'origin_index');
      this.#partitions = next.value.numbers('origin_partition');
      this.#rows = next.value.rows;
      this.#at = 0;
    }
    return true;
  }

  advance(): void {
    this.#at++;
  }

  async close(): Promise<void> {
    await this.scan.return();
  }
}
