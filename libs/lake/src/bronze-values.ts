import { bronzeEvents } from '@engine/medallion';
import { AcceptedTicks } from './accepted-ticks.js';
import { EventTimeTicks } from './event-time-ticks.js';
import { LaneNames } from './lane-names.js';
import { OriginWalk } from './origin-walk.js';
import type { Origin, OriginSources, OriginVisitor } from './origin-walk.js';
import type { ChainStore } from './ports.js';
import type { ScannedRows } from './scanned-rows.js';
import type { TickColumns } from './tick-columns.js';

/** Bronze does not lead to what silver has recorded: no order of its rows is known that could be followed. */
export class OrderUnknownError extends Error {
  readonly retriable = false;
  readonly exitCode = 78;
  override readonly name = 'OrderUnknownError';
  constructor(where: string, what: string) {
    super(
      `${where}: ${what}. The recorded order cannot be followed: see what \`engine verify\` says, or compute a new history ` +
        'by event time from what bronze has: `engine backfill --layer silver --order event-time`.',
    );
  }
}

/** A column of a tick, in silver/ticks and as bronze's rows have it. */
const NUMBERS: readonly (readonly [string, keyof TickColumns])[] = [
  ['record_time', 'recordTimeUs'],
  ['event_time', 'eventTimeUs'],
  ['price', 'price'],
  ['size', 'size'],
];
const TEXTS: readonly (readonly [string, keyof TickColumns])[] = [
  ['symbol', 'symbol'],
  ['side', 'side'],
  ['trade_id', 'tradeId'],
  ['source', 'source'],
];

/** The values of a lane's ticks as bronze has them, in the order that silver has recorded. */
export class BronzeValues {
  readonly #walk: OriginWalk;

  private constructor(
    private readonly lane: number,
    private readonly sources: ReadonlyMap<number, AcceptedTicks>,
    private readonly sorted: EventTimeTicks | undefined,
    walk: OriginSources,
  ) {
    this.#walk = new OriginWalk(walk);
  }

  /** `partitions`: those of `stock-ticks` that bronze has. */
  static async open(
    lake: Pick<ChainStore, 'read' | 'generation' | 'acceptedByEventTime'>,
    partitions: readonly number[],
    place: { readonly lane: number; readonly lanes: number },
  ): Promise<BronzeValues> {
    const { lane, lanes } = place;
    const names = new LaneNames(lanes);
    const laneOf = (symbol: string): number => names.of(symbol);
    const { eventTime } = await lake.generation('silver');
    const ends = eventTime?.partitionEnds ?? {};
    const sources = new Map<number, AcceptedTicks>();
    for (const partition of partitions) {
      const chain = await lake.read(bronzeEvents, partition);
      sources.set(partition, new AcceptedTicks(chain, lane, laneOf, ends[partition]));
    }
    const nothing = new AcceptedTicks({ start: 0, end: 0, segments: [], scan: () => noRows() }, lane, laneOf);
    const of = (partition: number): AcceptedTicks => sources.get(partition) ?? nothing;
    const ticks = eventTime === null ? undefined : new EventTimeTicks(lake.acceptedByEventTime(place, ends));
    const byEventTime = ticks === undefined ? null : { end: eventTime?.laneEnds[lane] ?? 0, ticks };
    return new BronzeValues(lane, sources, ticks, { of, byEventTime });
  }

  /**
   * Rows of silver/ticks with bronze's values instead of silver's copies of them; those that bronze has not published yet, or
   * does not keep any more, as they are. To be called with all rows of the lane, in their order. Throws `OrderUnknownError`.
   */
  async instead(rows: ScannedRows): Promise<ScannedRows> {
    const mended = new MendedRows(rows);
    const where = (partition: number, { offset, index }: Origin): string =>
      `silver/ticks/lane=${this.lane}, partition ${partition} of stock-ticks, record ${offset}, index ${index}`;
    const visitor: OriginVisitor = {
      found: (row, _partition, from, at) => {
        mended.take(row, from, at);
      },
      absent: (_row, partition, origin, source) => {
        if (origin.offset < source.end && origin.offset >= source.start)
          throw new OrderUnknownError(
            where(partition, origin),
            'silver has a row that bronze did not accept',
          );
      },
      skipped: (partition, origin) => {
        throw new OrderUnknownError(
          where(partition, origin),
          'bronze accepted it, and silver has no row of it',
        );
      },
    };
    await this.#walk.along(rows, visitor);
    return mended.rows();
  }

  async close(): Promise<void> {
    for (const source of this.sources.values()) await source.close();
    await this.sorted?.close();
  }
}

/** Rows whose values are compared with others, and copied only where one differs. */
class MendedRows {
  readonly #numbers: readonly {
    values: Float64Array;
    readonly column: string;
    readonly key: keyof TickColumns;
  }[];
  readonly #texts: readonly {
    values: readonly (string | null)[];
    readonly column: string;
    readonly key: keyof TickColumns;
  }[];
  readonly #changed = new Map<string, Float64Array | (string | null)[]>();

  constructor(private readonly stored: ScannedRows) {
    this.#numbers = NUMBERS.map(([column, key]) => ({ column, key, values: stored.numbers(column) }));
    this.#texts = TEXTS.map(([column, key]) => ({ column, key, values: stored.texts(column) }));
  }

  take(row: number, from: TickColumns, at: number): void {
    for (const { column, key, values } of this.#numbers) {
      const value = (from[key] as Float64Array)[at]!;
      if (!Object.is(values[row], value)) (this.#copyOf(column, values) as Float64Array)[row] = value;
    }
    for (const { column, key, values } of this.#texts) {
      const value = (from[key] as readonly (string | null)[])[at] ?? null;
      if (values[row] !== value) (this.#copyOf(column, values) as (string | null)[])[row] = value;
    }
  }

  rows(): ScannedRows {
    return this.#changed.size === 0 ? this.stored : this.stored.with(this.#changed);
  }

  #copyOf(
    column: string,
    values: Float64Array | readonly (string | null)[],
  ): Float64Array | (string | null)[] {
    let copy = this.#changed.get(column);
    if (copy === undefined) this.#changed.set(column, (copy = values.slice()));
    return copy;
  }
}

async function* noRows(): AsyncGenerator<never, void> {
  // A partition that bronze does not have.
}
