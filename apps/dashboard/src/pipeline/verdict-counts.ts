import { GrowingTable } from '../lake/growing-table.js';
import type { LakeView } from '../lake/lake-view.js';

interface Counted {
  readonly lane: number;
  readonly verdict: string;
  readonly rows: number;
}

/** Rows of a table by lane and verdict, as far as they are published. */
export class VerdictCounts {
  readonly #lanes = new Map<number, Map<string, number>>();
  readonly #table: GrowingTable;

  constructor(
    lake: LakeView,
    table: { readonly name: string; readonly view: string; readonly offset: string },
  ) {
    this.#table = new GrowingTable(lake, table, {
      sql: (where) =>
        `SELECT lane, verdict, count(*) AS "rows" FROM ${table.view} WHERE ${where} GROUP BY ALL ORDER BY ALL`,
      add: (rows) => {
        for (const row of rows as unknown as readonly Counted[]) this.#add(row);
      },
      clear: () => {
        this.#lanes.clear();
      },
    });
  }

  async update(): Promise<void> {
    await this.#table.update();
  }

  of(lane: number): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#lanes.get(lane) ?? []);
  }

  #add({ lane, verdict, rows }: Counted): void {
    const counts = this.#lanes.get(lane) ?? new Map<string, number>();
    this.#lanes.set(lane, counts.set(verdict, (counts.get(verdict) ?? 0) + rows));
  }
}
