import type { ScannedRows } from '@engine/lake';
import type { TableBatch } from '@engine/medallion';

/** A row that is not what it should be. */
export interface Difference {
  /** Among the rows compared. */
  readonly row: number;
  readonly column: string;
  readonly stored: string | number | null;
  readonly recomputed: string | number | null;
}

/** Where rows stand in what was scanned and in what was computed. */
export interface Stretch {
  readonly stored: number;
  readonly recomputed: number;
  readonly rows: number;
}

/** The first row that differs in some column, bit by bit; undefined when all are equal. */
export function firstDifference(
  stored: ScannedRows,
  recomputed: TableBatch,
  stretch: Stretch,
): Difference | undefined {
  let first: Difference | undefined;
  for (const { name, type, values } of recomputed.columns) {
    const wanted = values as ArrayLike<string | number | null>;
    const found: ArrayLike<string | number | null> =
      type === 'VARCHAR' ? stored.texts(name) : stored.numbers(name);
    const limit = first?.row ?? stretch.rows;
    for (let row = 0; row < limit; row++) {
      const one = found[stretch.stored + row]!;
      const raw = wanted[stretch.recomputed + row]!;
      if (one === raw && one !== 0) continue;
      const other = type === 'BOOLEAN' && raw === 2 ? NaN : raw;
      if (Object.is(one, other)) continue;
      first = { row, column: name, stored: shown(one), recomputed: shown(other) };
      break;
    }
  }
  return first;
}

const shown = (value: string | number | null): string | number | null =>
  typeof value === 'number' && Number.isNaN(value) ? null : value;

/** `price is 101, recomputed 100`. */
export const describeDifference = ({ column, stored, recomputed }: Difference): string =>
  `${column} is ${JSON.stringify(stored)}, recomputed it is ${JSON.stringify(recomputed)}`;
