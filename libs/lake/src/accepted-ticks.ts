import type { SegmentFooter, StoredChain } from './ports.js';
import type { ScannedRows } from './scanned-rows.js';
import { tickColumns } from './tick-columns.js';
import type { TickColumns } from './tick-columns.js';

const COLUMNS = [
  'record_offset',
  'record_index',
  'record_time',
  'verdict',
  'symbol',
  'event_time',
  'price',
  'size',
  'side',
  'trade_id',
  'source',
];

/** What bronze accepted from one partition for one lane, in the order it was sent there: read row after row. */
export class AcceptedTicks {
  readonly #scan: AsyncGenerator<ScannedRows, void>;
  #columns: TickColumns | undefined;
  #chosen: readonly number[] = [];
  #at = 0;

  constructor(
    /** bronze/events of the partition. */
    private readonly chain: Pick<StoredChain, 'start' | 'end' | 'segments' | 'scan'>,
    private readonly lane: number,
    private readonly laneOf: (symbol: string) => number,
    /** The rows of records below are left out. */
    private readonly from = 0,
  ) {
    const first = Math.max(chain.start, from);
    this.#scan = wasSentTo(lane, chain.segments) ? chain.scan(first, COLUMNS) : nothing();
  }

  /** Where the partition's chain begins: what lies below is not here any more. */
  get start(): number {
    return this.chain.start;
  }

  /** Where the partition's chain ends: what lies above is not here yet. */
  get end(): number {
    return this.chain.end;
  }

  /** undefined: no row is loaded. `load` has to be awaited. */
  get columns(): TickColumns | undefined {
    return this.#at < this.#chosen.length ? this.#columns : undefined;
  }

  /** The row at hand, in `columns`. */
  get row(): number {
    return this.#chosen[this.#at] ?? -1;
  }

  /** False: there are no rows any more. */
  async load(): Promise<boolean> {
    while (this.#at >= this.#chosen.length) {
      const next = await this.#scan.next();
      if (next.done === true) return false;
      this.#columns = tickColumns(next.value, 'record_offset', 'record_index');
      this.#chosen = this.#choose(next.value);
      this.#at = 0;
    }
    return true;
  }

  advance(): void {
    this.#at++;
  }

  /** How many rows are left; reads them all. */
  async countRest(): Promise<number> {
    let rest = 0;
    while (await this.load()) {
      rest += this.#chosen.length - this.#at;
      this.#at = this.#chosen.length;
    }
    return rest;
  }

  async close(): Promise<void> {
    await this.#scan.return();
  }

  #choose(rows: ScannedRows): readonly number[] {
    const verdicts = rows.texts('verdict');
    const symbols = rows.texts('symbol');
    const offsets = rows.numbers('record_offset');
    const chosen: number[] = [];
    for (let row = 0; row < rows.rows; row++)
      if (
        verdicts[row] === 'accepted' &&
        this.laneOf(symbols[row] ?? '') === this.lane &&
        offsets[row]! >= this.from
      )
        chosen.push(row);
    return chosen;
  }
}

const wasSentTo = (lane: number, segments: readonly SegmentFooter[]): boolean =>
  segments.some(({ lanes }) => lanes?.includes(`"${lane}":`));

async function* nothing(): AsyncGenerator<never, void> {
  // Bronze has sent nothing to the lane.
}
