import { RecordBuilder, tickColumns } from '@engine/lake';
import type { ScannedRows } from '@engine/lake';
import { bronzeEvents, silverTicks } from '@engine/medallion';
import type { BronzeMessage, LaneRecord } from '@engine/medallion';
import { damage, note } from '../finding.js';
import type { Finding } from '../finding.js';
import { UNKNOWN_WRITER } from '../remedies.js';
import { LaneNames } from '../rows/lane-names.js';
import type { VerifyContext } from '../verify-context.js';
import { BronzeSource } from './bronze-source.js';

/** Something that was seen many times and is said once: the first, and how many. */
interface Seen {
  first: string;
  count: number;
}

/**
 * What silver read in one lane: its recorded order, bronze's values. Each row that bronze accepted must be there exactly once,
 * and since a lane gets a partition's rows in their order, one step forward in bronze per row of silver tells.
 */
export class SilverInput {
  readonly #sources = new Map<number, BronzeSource>();
  readonly #names: LaneNames;
  readonly #builder = new RecordBuilder();
  readonly #missing: Seen = { first: '', count: 0 };
  readonly #unknown: Seen = { first: '', count: 0 };
  #aheadOfBronze = 0;
  #goneFromBronze = 0;
  #goneFromSilver = 0;
  /** Partitions of which a row was met. A floor of silver hides what each has before that. */
  readonly #met = new Set<number>();
  readonly #isRetired: boolean;

  constructor(
    private readonly context: VerifyContext,
    private readonly lane: number,
  ) {
    this.#names = new LaneNames(context.lanes);
    this.#isRetired = (context.chain(silverTicks, lane)?.walk.start ?? 0) > 0;
    for (const chain of context.chainsOf(bronzeEvents)) this.#source(chain.lane);
  }

  /** The records of some rows of silver/ticks, which must hold whole records. */
  async records(block: ScannedRows): Promise<readonly LaneRecord<BronzeMessage>[]> {
    const stored = tickColumns(block, 'origin_offset', 'origin_index');
    const laneOffsets = block.numbers('lane_offset');
    const partitions = block.numbers('origin_partition');
    for (let row = 0; row < block.rows; row++) {
      const partition = partitions[row]!;
      const source = this.#source(partition);
      const origin = { offset: stored.originOffset[row]!, index: stored.originIndex[row]! };
      if (source.columns === undefined) await source.load();
      if (isBelow(source, origin)) await this.#skip(source, partition, origin);
      const columns = source.columns;
      if (columns !== undefined && isAt(source, origin)) {
        this.#met.add(partition);
        this.#builder.push(laneOffsets[row]!, partition, columns, source.row);
        source.advance();
      } else {
        this.#notInBronze(source, partition, origin);
        this.#builder.push(laneOffsets[row]!, partition, stored, row);
      }
    }
    return this.#builder.take();
  }

  /** How many rows bronze has accepted for this lane that silver does not have yet. */
  async lag(): Promise<number> {
    let rows = 0;
    for (const source of this.#sources.values()) rows += await source.countRest();
    return rows;
  }

  *findings(): Generator<Finding> {
    const where = `silver/ticks/lane=${this.lane}`;
    const missing = this.#missing;
    if (missing.count > 0)
      yield damage(
        `${where}, ${missing.first}`,
        `bronze accepted it, and silver has no row of it though it has later ones (${missing.count} such rows)`,
        `if the engine ran with other LANES than ${this.context.lanes}, set them; else ${UNKNOWN_WRITER}`,
      );
    const unknown = this.#unknown;
    if (unknown.count > 0)
      yield damage(
        `${where}, ${unknown.first}`,
        `silver has a row of it that is twice, out of order, in a lane its symbol does not belong to, or that bronze did not accept (${unknown.count} such rows)`,
        `if the engine ran with other LANES than ${this.context.lanes}, set them; else ${UNKNOWN_WRITER}`,
      );
    if (this.#aheadOfBronze > 0)
      yield note(where, `${this.#aheadOfBronze} rows are of records that bronze has not published yet`);
    if (this.#goneFromBronze > 0)
      yield note(where, `${this.#goneFromBronze} rows are of records that bronze does not keep any more`);
    if (this.#goneFromSilver > 0)
      yield note(where, `${this.#goneFromSilver} rows that bronze has are not kept here any more`);
  }

  async close(): Promise<void> {
    for (const source of this.#sources.values()) await source.close();
  }

  #source(partition: number): BronzeSource {
    let source = this.#sources.get(partition);
    if (source === undefined) {
      const { lake } = this.context;
      source = new BronzeSource(lake, this.context.readable(bronzeEvents, partition), this.lane, this.#names);
      this.#sources.set(partition, source);
    }
    return source;
  }

  async #skip(source: BronzeSource, partition: number, origin: Origin): Promise<void> {
    while (isBelow(source, origin)) {
      const { columns, row } = source;
      const at = { offset: columns?.originOffset[row] ?? 0, index: columns?.originIndex[row] ?? 0 };
      if (this.#isRetired && !this.#met.has(partition)) this.#goneFromSilver++;
      else see(this.#missing, partition, at);
      source.advance();
      if (source.columns === undefined) await source.load();
    }
  }

  #notInBronze(source: BronzeSource, partition: number, origin: Origin): void {
    if (origin.offset >= source.end) this.#aheadOfBronze++;
    else if (origin.offset < source.start) this.#goneFromBronze++;
    else see(this.#unknown, partition, origin);
  }
}

interface Origin {
  readonly offset: number;
  readonly index: number;
}

function see(seen: Seen, partition: number, { offset, index }: Origin): void {
  if (seen.count++ === 0)
    seen.first = `partition ${partition} of stock-ticks, record ${offset}, index ${index}`;
}

function isBelow({ columns, row }: BronzeSource, origin: Origin): boolean {
  if (columns === undefined) return false;
  const offset = columns.originOffset[row]!;
  return offset < origin.offset || (offset === origin.offset && columns.originIndex[row]! < origin.index);
}

function isAt({ columns, row }: BronzeSource, origin: Origin): boolean {
  return columns?.originOffset[row] === origin.offset && columns.originIndex[row] === origin.index;
}
