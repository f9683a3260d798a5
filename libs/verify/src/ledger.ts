import type { LayerName } from '@engine/medallion';

/** What went into a layer in one lane, and what became of it. */
export interface LedgerLine {
  readonly layer: LayerName;
  readonly lane: number;
  /** Rows in: of bronze events, of silver and gold ticks. */
  readonly rows: number;
  /** They add up to `rows`. */
  readonly verdicts: ReadonlyMap<string, number>;
  /** How many rows of the layer before are not here yet. */
  readonly lag: number;
  /** bronze: records; gold: ticks in closed bars of the shortest interval. */
  readonly extra: { readonly name: string; readonly count: number } | null;
}

/** The counts of all checks. */
export class Ledger {
  readonly #lines: LedgerLine[] = [];

  add(line: LedgerLine): void {
    this.#lines.push(line);
  }

  /** By layer and lane, in the order of the pipeline. */
  lines(): readonly LedgerLine[] {
    const order: readonly LayerName[] = ['bronze', 'silver', 'gold'];
    return [...this.#lines].sort(
      (one, other) => order.indexOf(one.layer) - order.indexOf(other.layer) || one.lane - other.lane,
    );
  }
}
