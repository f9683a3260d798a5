import { completeRecords } from '@engine/lake';
import type { ScannedRows } from '@engine/lake';
import {
  goldBars,
  goldLayer,
  goldMetrics,
  silverLayer,
  silverMarkers,
  silverTicks,
  silverWindows,
} from '@engine/medallion';
import type { BronzeMessage, LaneRecord, SilverMessage } from '@engine/medallion';
import { note } from '../finding.js';
import type { Finding } from '../finding.js';
import type { LedgerLine } from '../ledger.js';
import type { VerifyContext } from '../verify-context.js';
import { ComparedTable } from './compared-table.js';
import type { IsAhead } from './compared-table.js';
import { KnownOrder } from './known-order.js';
import { SilverInput } from './silver-input.js';
import { StoredMarkers } from './stored-markers.js';
import { TickRows } from './tick-rows.js';

/** So many ticks go through the layers at a time. */
const BLOCK_ROWS = 2048;

/** Silver and gold of one lane, computed again from bronze in silver's recorded order. */
export class RecomputedLane {
  readonly #silver;
  readonly #gold;
  readonly #silverState;
  readonly #goldState;
  readonly #input: SilverInput;
  readonly #markers: StoredMarkers;
  readonly #order: KnownOrder;
  readonly #ticks: TickRows;
  readonly #windows: ComparedTable;
  readonly #bars: ComparedTable;
  readonly #metrics: ComparedTable;
  #accepted = 0;

  constructor(
    private readonly context: VerifyContext,
    private readonly lane: number,
    private readonly ledger: LedgerLine[],
  ) {
    const { settings } = context;
    this.#silver = silverLayer(settings.silver);
    this.#gold = goldLayer(settings.gold);
    this.#silverState = this.#silver.initial();
    this.#goldState = this.#gold.initial();
    this.#input = new SilverInput(context, lane);
    this.#markers = new StoredMarkers(context.rows, context.readable(silverMarkers, lane));
    this.#ticks = new TickRows(context, lane);
    const { allowedLatenessUs } = settings.silver;
    this.#windows = new ComparedTable(
      context,
      silverWindows,
      lane,
      closesAfter('window_end', allowedLatenessUs),
    );
    this.#bars = new ComparedTable(context, goldBars, lane, closesAfter('closed_at', 0));
    this.#metrics = new ComparedTable(context, goldMetrics, lane, closesAfter('as_of', allowedLatenessUs));
    const start = context.chain(silverTicks, lane)?.walk.start ?? 0;
    this.#order = new KnownOrder(start, this.#ticksEnd, this.#markersEnd);
  }

  /** Computes all there is and says what differs, then counts. */
  async *run(): AsyncGenerator<Finding> {
    try {
      const segments = this.context.readable(silverTicks, this.lane);
      const scanned = this.context.rows.scan(silverTicks, segments, Object.keys(silverTicks.columns));
      for await (const block of completeRecords(scanned, 'lane_offset', BLOCK_ROWS))
        yield* this.#block(block);
      yield* this.#apply(await this.#markers.takeBefore(Infinity), undefined);
      yield* this.#end();
    } finally {
      for (const part of [this.#input, this.#markers, this.#windows, this.#bars, this.#metrics])
        await part.close();
    }
  }

  async *#block(block: ScannedRows): AsyncGenerator<Finding> {
    const ticks = await this.#input.records(block);
    const markers = await this.#markers.takeBefore(ticks.at(-1)?.offset ?? 0);
    const records =
      markers.length === 0 ? ticks : [...ticks, ...markers].sort((one, other) => one.offset - other.offset);
    yield* this.#apply(records, block);
  }

  /** Where certainty ends, the records before are judged for themselves. */
  async *#apply(
    records: readonly LaneRecord<BronzeMessage>[],
    block: ScannedRows | undefined,
  ): AsyncGenerator<Finding> {
    const certain = this.#order.certainPart(records);
    const rows = yield* this.#applyPart(records.slice(0, certain), block, 0);
    if (certain === records.length) return;
    this.#order.giveUp();
    const rest = records.slice(certain);
    this.#order.certainPart(rest);
    yield* this.#applyPart(rest, block, rows);
  }

  /** `from`: the row of the block with which the records begin. Returns the row after their last. */
  async *#applyPart(
    records: readonly LaneRecord<BronzeMessage>[],
    block: ScannedRows | undefined,
    from: number,
  ): AsyncGenerator<Finding, number> {
    const { isCertain } = this.#order;
    const output = this.#silver.apply(this.#silverState, records);
    const ticks = output.tables.find(({ schema }) => schema === silverTicks);
    if (this.context.layers.includes('silver')) {
      if (ticks !== undefined && block !== undefined)
        yield* this.#ticks.compare(block, from, ticks, isCertain);
      yield* this.#windows.compare(output.tables, isCertain);
    }
    if (this.context.layers.includes('gold') && !this.#ticks.isMixed)
      yield* this.#applyGold(output.emitted, isCertain);
    return from + (ticks?.rows ?? 0);
  }

  async *#applyGold(emitted: readonly SilverMessage[], isCertain: boolean): AsyncGenerator<Finding> {
    const output = this.#gold.apply(
      this.#goldState,
      emitted.map((message, offset) => ({ offset, message })),
    );
    this.#accepted += output.verdicts.get('accepted') ?? 0;
    yield* this.#bars.compare(output.tables, isCertain);
    yield* this.#metrics.compare(output.tables, isCertain);
  }

  async *#end(): AsyncGenerator<Finding> {
    const { layers } = this.context;
    const { isCertain } = this.#order;
    if (layers.includes('silver')) {
      yield* this.#input.findings();
      yield* this.#windows.end(this.#known(this.#silver.clockUs(this.#silverState)), isCertain);
      await this.#countSilver();
    }
    if (!layers.includes('gold')) return;
    if (this.#ticks.isMixed) {
      yield note(`gold/lane=${this.lane}`, 'it follows from silver under several rules: not judged');
      return;
    }
    const known = this.#known(this.#gold.clockUs(this.#goldState));
    yield* this.#bars.end(known, isCertain);
    yield* this.#metrics.end(known, isCertain);
    this.#countGold();
  }

  async #countSilver(): Promise<void> {
    const { verdicts } = this.#ticks;
    const rows = [...verdicts.values()].reduce((sum, count) => sum + count, 0);
    const lag = await this.#input.lag();
    const extra = { name: 'windows', count: this.#windows.rows };
    this.ledger.push({ layer: 'silver', lane: this.lane, rows, verdicts, lag, extra });
  }

  #countGold(): void {
    const verdicts = new Map([['accepted', this.#accepted]]);
    const extra = { name: 'bars', count: this.#bars.rows };
    this.ledger.push({
      layer: 'gold',
      lane: this.lane,
      rows: this.#accepted,
      verdicts,
      lag: 0,
      extra,
    });
  }

  #known(clockUs: number | null): { clockUs: number; offset: number } {
    return { clockUs: clockUs ?? -Infinity, offset: this.#ticksEnd };
  }

  get #ticksEnd(): number {
    return this.context.readable(silverTicks, this.lane).at(-1)?.footer.next ?? 0;
  }

  get #markersEnd(): number {
    return this.context.readable(silverMarkers, this.lane).at(-1)?.footer.next ?? 0;
  }
}

/** Ahead is what closes when the lane's clock is past `column` + `delayUs`, or has ticks of offsets that are not known. */
function closesAfter(column: string, delayUs: number): IsAhead {
  return (rows, row, { clockUs, offset }) =>
    Number(rows.value(column, row)) + delayUs > clockUs ||
    Number(rows.value('last_offset', row) ?? -1) >= offset;
}
