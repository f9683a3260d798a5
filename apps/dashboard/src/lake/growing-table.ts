import type { LakeView, Row } from './lake-view.js';

export interface Fold {
  /** The query of rows that are new: `where` picks them. */
  readonly sql: (where: string) => string;
  readonly add: (rows: readonly Row[]) => void;
  /** The table was replaced by a shorter one: begin anew. */
  readonly clear: () => void;
}

interface Table {
  readonly name: string;
  /** The column of the input offset. */
  readonly offset: string;
}

/** Folds over a table that only grows: each `update` reads what was published since the last. */
export class GrowingTable {
  readonly #read = new Map<number, number>();
  #updating: Promise<void> | undefined;

  constructor(
    private readonly lake: LakeView,
    private readonly table: Table,
    private readonly fold: Fold,
  ) {}

  /** Resolves when everything is folded that the lake held when it was called. */
  async update(): Promise<void> {
    await this.lake.freshen();
    // One that runs already may have begun before the lake was listed anew.
    await this.#updating?.catch(() => undefined);
    this.#updating ??= this.#readNew().finally(() => (this.#updating = undefined));
    await this.#updating;
  }

  async #readNew(): Promise<void> {
    const ends = this.lake.chainEnds(this.table.name);
    if (this.#isReplaced(ends)) {
      this.#read.clear();
      this.fold.clear();
    }
    const grown = [...ends].filter(([lane, end]) => end > (this.#read.get(lane) ?? 0));
    if (grown.length === 0) return;
    const where = grown.map(([lane, end]) => this.#range(lane, end)).join(' OR ');
    this.fold.add(await this.lake.query(this.fold.sql(`(${where})`)));
    for (const [lane, end] of grown) this.#read.set(lane, end);
  }

  #isReplaced(ends: ReadonlyMap<number, number>): boolean {
    return [...this.#read].some(([lane, read]) => (ends.get(lane) ?? 0) < read);
  }

  #range(lane: number, end: number): string {
    const { offset } = this.table;
    return `(lane = ${lane} AND ${offset} >= ${this.#read.get(lane) ?? 0} AND ${offset} < ${end})`;
  }
}
