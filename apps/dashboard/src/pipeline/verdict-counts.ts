import { Injectable } from '@nestjs/common';
import { GrowingTable } from '../lake/growing-table.js';
import { LakeView } from '../lake/lake-view.js';

interface Counted {
  readonly lane: number;
  readonly verdict: string;
  readonly reason: string;
  readonly rows: number;
}

type Counts = Readonly<Record<string, number>>;

interface Judged {
  readonly name: string;
  readonly view: string;
  readonly offset: string;
  /** SQL of why a row was refused. */
  readonly reason: string;
}

/** Rows of a table by lane, verdict and reason, as far as they are published. */
class CountedTable {
  #counted: Counted[] = [];
  readonly #table: GrowingTable;

  constructor(lake: LakeView, { name, view, offset, reason }: Judged) {
    this.#table = new GrowingTable(
      lake,
      { name, offset },
      {
        sql: (where) =>
          `SELECT lane, verdict, ${reason} AS reason, count(*) AS "rows" FROM ${view} WHERE ${where}
           GROUP BY ALL ORDER BY ALL`,
        add: (rows) => {
          this.#counted = summed([...this.#counted, ...(rows as unknown as readonly Counted[])]);
        },
        clear: () => {
          this.#counted = [];
        },
      },
    );
  }

  async update(): Promise<void> {
    await this.#table.update();
  }

  byVerdict(lane: number): Counts {
    return sums(
      this.#counted.filter((counted) => counted.lane === lane),
      ({ verdict }) => verdict,
    );
  }

  accepted(): number {
    return sums(this.#counted, ({ verdict }) => verdict)['accepted'] ?? 0;
  }

  refused(): Counts {
    return sums(
      this.#counted.filter(({ verdict }) => verdict !== 'accepted'),
      ({ reason }) => reason,
    );
  }
}

/** What the layers that judge have made of their rows. */
@Injectable()
export class VerdictCounts {
  readonly bronze: CountedTable;
  readonly silver: CountedTable;

  constructor(lake: LakeView) {
    this.bronze = new CountedTable(lake, {
      name: 'bronze/events',
      view: 'bronze_events',
      offset: 'record_offset',
      reason: 'coalesce(reason, verdict)',
    });
    this.silver = new CountedTable(lake, {
      name: 'silver/ticks',
      view: 'silver_ticks',
      offset: 'lane_offset',
      reason: 'verdict',
    });
  }

  async update(): Promise<void> {
    await Promise.all([this.bronze.update(), this.silver.update()]);
  }
}

function sums(counted: readonly Counted[], keyOf: (counted: Counted) => string): Counts {
  const sum = new Map<string, number>();
  for (const one of counted) sum.set(keyOf(one), (sum.get(keyOf(one)) ?? 0) + one.rows);
  return Object.fromEntries(sum);
}

/** One entry per lane, verdict and reason. */
function summed(counted: readonly Counted[]): Counted[] {
  const byKey = new Map<string, Counted>();
  for (const one of counted) {
    const key = `${one.lane} ${one.verdict} ${one.reason}`;
    byKey.set(key, { ...one, rows: one.rows + (byKey.get(key)?.rows ?? 0) });
  }
  return [...byKey.values()];
}
