import type { ScannedRows } from '@engine/lake';
import type { Column, TableBatch } from '@engine/medallion';

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
  for (const column of recomputed.columns) {
    const row = firstInColumn(stored, column, { ...stretch, rows: first?.row ?? stretch.rows });
    if (row < 0) continue;
    const { name, type, values } = column;
    const raw = values[stretch.recomputed + row]!;
    first = {
      row,
      column: name,
      stored: stored.value(name, stretch.stored + row),
      recomputed: shown(type === 'BOOLEAN' && raw === 2 ? NaN : raw),
    };
  }
  return first;
}

/** -1: none. */
function firstInColumn(stored: ScannedRows, { name, type, values }: Column, stretch: Stretch): number {
  if (type === 'VARCHAR') return firstOtherText(stored.texts(name), values as Texts, stretch);
  const numbers = stored.numbers(name);
  if (type === 'INTEGER') return firstOther(numbers, values as Int32Array, stretch);
  if (type === 'BOOLEAN') return firstOtherFlag(numbers, values as Uint8Array, stretch);
  return firstOther(numbers, values as Float64Array, stretch);
}

type Texts = readonly (string | null)[];

function firstOtherText(stored: Texts, wanted: Texts, stretch: Stretch): number {
  for (let row = 0; row < stretch.rows; row++)
    if (stored[stretch.stored + row] !== wanted[stretch.recomputed + row]) return row;
  return -1;
}

function firstOther(stored: Float64Array, wanted: Float64Array | Int32Array, stretch: Stretch): number {
  for (let row = 0; row < stretch.rows; row++) {
    const one = stored[stretch.stored + row]!;
    const other = wanted[stretch.recomputed + row]!;
    if (one === other && one !== 0) continue;
    if (!Object.is(one, other)) return row;
  }
  return -1;
}

/** In a batch null is 2. */
function firstOtherFlag(stored: Float64Array, wanted: Uint8Array, stretch: Stretch): number {
  for (let row = 0; row < stretch.rows; row++) {
    const raw = wanted[stretch.recomputed + row]!;
    if (!Object.is(stored[stretch.stored + row], raw === 2 ? NaN : raw)) return row;
  }
  return -1;
}

const shown = (value: string | number | null): string | number | null =>
  typeof value === 'number' && Number.isNaN(value) ? null : value;

/** `price is 101, recomputed 100`. */
export const describeDifference = ({ column, stored, recomputed }: Difference): string =>
  `${column} is ${JSON.stringify(stored)}, recomputed it is ${JSON.stringify(recomputed)}`;
