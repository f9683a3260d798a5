import type { ColumnValues, TableBatch } from '@engine/medallion';

/** Numbers texts from 1 on; 0 is null. */
export class TextDictionary {
  readonly #ids = new Map<string, number>();

  idOf(text: string | null | undefined): number {
    if (text === null || text === undefined) return 0;
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = this.#ids.size + 1;
    this.#ids.set(text, id);
    return id;
  }

  /** In the order of their ids, the first has 1. */
  get texts(): readonly string[] {
    return [...this.#ids.keys()];
  }
}

const SAMPLE = 1000;

/**
 * Whether a VARCHAR column is worth a dictionary: handing a text to DuckDB costs 100 to 250 ns on the main thread, an id
 * of a text seen before 15 ns (a null 7 ns instead of 150), a text seen for the first time as much as without.
 */
export function repeatsItself(batches: readonly TableBatch[], column: number): boolean {
  const seen = new Set<string | null>();
  let looked = 0;
  for (const batch of batches) {
    for (const text of batch.columns[column]?.values as ColumnValues['VARCHAR']) {
      if (looked === SAMPLE) return seen.size * 2 <= looked;
      seen.add(text);
      looked++;
    }
  }
  return seen.size * 2 <= looked;
}
