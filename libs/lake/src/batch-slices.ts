import type { TableBatch } from '@engine/medallion';

/** Rows [from, from + count) of a batch. */
export interface BatchSlice {
  readonly batch: TableBatch;
  readonly from: number;
  readonly count: number;
}

/** Cuts batches into chunks of `size` rows (the last one may be smaller), however small or large the batches are. */
export function* sliceBatches(
  batches: readonly TableBatch[],
  size: number,
): Generator<readonly BatchSlice[], void> {
  let chunk: BatchSlice[] = [];
  let room = size;
  for (const batch of batches) {
    for (let from = 0; from < batch.rows;) {
      const count = Math.min(room, batch.rows - from);
      chunk.push({ batch, from, count });
      from += count;
      room -= count;
      if (room > 0) continue;
      yield chunk;
      chunk = [];
      room = size;
    }
  }
  if (chunk.length > 0) yield chunk;
}

export const rowsOf = (batches: readonly { readonly rows: number }[]): number =>
  batches.reduce((sum, { rows }) => sum + rows, 0);
