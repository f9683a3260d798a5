import { tickColumns } from '@engine/lake';
import type { LakeInspector, ScannedRows, TickColumns, WalkedSegment } from '@engine/lake';
import { bronzeEvents } from '@engine/medallion';
import type { LaneNames } from '../rows/lane-names.js';

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
export class BronzeSource {
  readonly #scan: AsyncGenerator<ScannedRows, void>;
  #columns: TickColumns | undefined;
  #chosen: readonly number[] = [];
  #at = 0;

  constructor(
    lake: LakeInspector,
    private readonly segments: readonly WalkedSegment[],
    private readonly lane: number,
    private readonly names: LaneNames,
  ) {
    const wasSentTo = segments.some(({ footer }) => footer.lanes?.includes(`"${lane}":`));
    this.#scan = lake.scan(bronzeEvents, wasSentTo ? segments : [], COLUMNS);
  }

  /** Where the partition's chain begins: what lies below is not here any more. */
  get start(): number {
    return this.segments[0]?.footer.first ?? 0;
  }

  /** Where the partition's chain ends: what lies above is not here yet. */
  get end(): number {
    return this.segments.at(-1)?.footer.next ?? 0;
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
    const chosen: number[] = [];
    for (let row = 0; row < rows.rows; row++)
      if (verdicts[row] === 'accepted' && this.names.of(symbols[row] ?? '') === this.lane) chosen.push(row);
    return chosen;
  }
}
