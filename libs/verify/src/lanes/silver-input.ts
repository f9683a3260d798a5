import {
  AcceptedTicks,
  EventTimeTicks,
  LaneNames,
  OriginWalk,
  RecordBuilder,
  tickColumns,
} from '@engine/lake';
import type { Origin, ScannedRows } from '@engine/lake';
import { bronzeEvents, silverTicks } from '@engine/medallion';
import type { BronzeMessage, LaneRecord } from '@engine/medallion';
import { damage, note } from '../finding.js';
import type { Finding } from '../finding.js';
import { UNKNOWN_WRITER } from '../remedies.js';
import type { VerifyContext } from '../verify-context.js';

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
  readonly #sources = new Map<number, AcceptedTicks>();
  readonly #names: LaneNames;
  readonly #sorted: EventTimeTicks | undefined;
  readonly #walk: OriginWalk;
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
    this.#sorted = this.#eventTimeTicks();
    const end = context.eventTime?.laneEnds[lane] ?? 0;
    this.#walk = new OriginWalk({
      of: (partition) => this.#source(partition),
      byEventTime: this.#sorted === undefined ? null : { end, ticks: this.#sorted },
    });
  }

  /** The records of some rows of silver/ticks, which must hold whole records. */
  async records(block: ScannedRows): Promise<readonly LaneRecord<BronzeMessage>[]> {
    const stored = tickColumns(block, 'origin_offset', 'origin_index');
    const laneOffsets = block.numbers('lane_offset');
    await this.#walk.along(block, {
      found: (row, partition, from, at) => {
        this.#met.add(partition);
        this.#builder.push(laneOffsets[row]!, partition, from, at);
      },
      absent: (row, partition, origin, source) => {
        this.#notInBronze(source, partition, origin);
        this.#builder.push(laneOffsets[row]!, partition, stored, row);
      },
      skipped: (partition, origin) => {
        if (this.#isRetired && !this.#met.has(partition)) this.#goneFromSilver++;
        else see(this.#missing, partition, origin);
      },
    });
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
    await this.#sorted?.close();
  }

  #eventTimeTicks(): EventTimeTicks | undefined {
    const { eventTime, lake } = this.context;
    if (eventTime === null) return undefined;
    const partitions = Object.entries(eventTime.partitionEnds).map(([name, end = 0]) => {
      const partition = Number(name);
      return { partition, end, segments: this.context.readable(bronzeEvents, partition) };
    });
    const isOfLane = (symbol: string): boolean => this.#names.of(symbol) === this.lane;
    return new EventTimeTicks(lake.acceptedByEventTime(partitions, isOfLane));
  }

  #source(partition: number): AcceptedTicks {
    let source = this.#sources.get(partition);
    if (source === undefined) {
      const { rows } = this.context;
      const segments = this.context.readable(bronzeEvents, partition);
      const chain = {
        start: segments[0]?.footer.first ?? 0,
        end: segments.at(-1)?.footer.next ?? 0,
        segments: segments.map(({ footer }) => footer),
        scan: (_from: number, columns: readonly string[]) => rows.scan(bronzeEvents, segments, columns),
      };
      const from = this.context.eventTime?.partitionEnds[partition];
      source = new AcceptedTicks(chain, this.lane, (symbol) => this.#names.of(symbol), from);
      this.#sources.set(partition, source);
    }
    return source;
  }

  #notInBronze(source: AcceptedTicks, partition: number, origin: Origin): void {
    if (origin.offset >= source.end) this.#aheadOfBronze++;
    else if (origin.offset < source.start) this.#goneFromBronze++;
    else see(this.#unknown, partition, origin);
  }
}

function see(seen: Seen, partition: number, { offset, index }: Origin): void {
  if (seen.count++ === 0)
    seen.first = `partition ${partition} of stock-ticks, record ${offset}, index ${index}`;
}
