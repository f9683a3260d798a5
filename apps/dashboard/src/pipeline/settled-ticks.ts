import { compareCoordinates } from '@engine/contracts';
import type { Coordinate } from '@engine/contracts';
import type { SegmentFooter } from '@engine/lake';
import { Injectable } from '@nestjs/common';
import { GrowingTable } from '../lake/growing-table.js';
import { LakeView } from '../lake/lake-view.js';

interface Highest extends Coordinate {
  readonly lane: number;
  readonly partition: number;
}

interface Range {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

const keyOf = (lane: number, partition: number): string => `${lane}/${partition}`;

/**
 * What bronze and silver have both settled, while rows are on their way: up to a position in each partition of
 * `stock-ticks` below which both must have published every tick, their counts have to be the same.
 */
@Injectable()
export class SettledTicks {
  #bronze = 0;
  #silver = 0;
  /** By partition: offsets below it are counted. */
  readonly #counted = new Map<number, number>();
  /** By silver's lane and partition: the last tick of it that silver has published there. */
  readonly #highest = new Map<string, Coordinate>();
  readonly #origins: GrowingTable;
  #updating: Promise<void> | undefined;

  constructor(private readonly lake: LakeView) {
    this.#origins = new GrowingTable(
      lake,
      { name: 'silver/ticks', offset: 'lane_offset' },
      {
        sql: (where) =>
          `SELECT lane, origin_partition AS "partition", max(origin_offset)::DOUBLE AS "offset",
             arg_max(origin_index, (origin_offset, origin_index))::DOUBLE AS "index"
           FROM silver_ticks WHERE ${where} GROUP BY ALL`,
        add: (rows) => {
          for (const row of rows as unknown as readonly Highest[]) this.#reach(row);
        },
        clear: () => {
          this.#highest.clear();
          this.#counted.clear();
          this.#bronze = this.#silver = 0;
        },
      },
    );
  }

  /** Ticks that both layers have settled. */
  get checked(): number {
    return this.#bronze;
  }

  /** Whether silver has every one of them, and each once; null where there are none yet. */
  get agree(): boolean | null {
    return this.#bronze === 0 && this.#silver === 0 ? null : this.#bronze === this.#silver;
  }

  /** Counts what was settled since the last time; each stretch is counted once. */
  async update(): Promise<void> {
    this.#updating ??= this.#countNew().finally(() => (this.#updating = undefined));
    await this.#updating;
  }

  async #countNew(): Promise<void> {
    await this.#origins.update();
    const ranges = [...this.lake.lastFooters('bronze/events')].flatMap(([partition, footer]) => {
      const range = {
        partition,
        from: this.#counted.get(partition) ?? 0,
        to: this.#settledIn(partition, footer),
      };
      return range.to > range.from ? [range] : [];
    });
    if (ranges.length === 0) return;
    const [bronze, silver] = await Promise.all([
      this.#count(
        `bronze_events WHERE verdict = 'accepted' AND (${within(ranges, 'lane', 'record_offset')})`,
      ),
      this.#count(`silver_ticks WHERE ${within(ranges, 'origin_partition', 'origin_offset')}`),
    ]);
    this.#bronze += bronze;
    this.#silver += silver;
    for (const { partition, to } of ranges) this.#counted.set(partition, to);
  }

  /**
   * Bronze sends the ticks of a partition to each lane in their order, and its segment says which was the last to each. So
   * a lane that has that one has them all, and one that has less has all before the last it has.
   */
  #settledIn(partition: number, { next, lanes }: SegmentFooter): number {
    if (lanes === null) return 0;
    const sent = Object.entries(JSON.parse(lanes) as Record<string, readonly [number, number]>);
    const bounds = sent.map(([lane, [offset, index]]) => {
      const highest = this.#highest.get(keyOf(Number(lane), partition));
      if (highest === undefined) return 0;
      return compareCoordinates(highest, { offset, index }) >= 0 ? next : highest.offset;
    });
    return Math.min(next, ...bounds);
  }

  async #count(from: string): Promise<number> {
    const [row] = await this.lake.query(`SELECT count(*)::DOUBLE AS n FROM ${from}`);
    return Number(row?.['n'] ?? 0);
  }

  #reach({ lane, partition, offset, index }: Highest): void {
    const key = keyOf(lane, partition);
    const known = this.#highest.get(key);
    if (known === undefined || compareCoordinates(known, { offset, index }) < 0)
      this.#highest.set(key, { offset, index });
  }
}

const within = (ranges: readonly Range[], partitionColumn: string, offsetColumn: string): string =>
  ranges
    .map(
      ({ partition, from, to }) =>
        `(${partitionColumn} = ${partition} AND ${offsetColumn} >= ${from} AND ${offsetColumn} < ${to})`,
    )
    .join(' OR ');
