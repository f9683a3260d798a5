import type { ScannedRows } from './scanned-rows.js';

/** Cuts scanned rows where a record ends, so that no record's rows are in two pieces. `offset`: the record's column. */
export async function* completeRecords(
  scanned: AsyncIterable<ScannedRows>,
  offset: string,
  minRows = 1,
): AsyncGenerator<ScannedRows, void> {
  let waiting: ScannedRows | undefined;
  for await (const rows of scanned) {
    // Rows are put together only where they must be: that copies them.
    if (waiting !== undefined && waiting.rows >= minRows && isBetweenRecords(waiting, rows, offset)) {
      yield waiting;
      waiting = undefined;
    }
    const all: ScannedRows = waiting?.followedBy(rows) ?? rows;
    const end: number = all.rows < minRows ? 0 : lastRecordStart(all.numbers(offset));
    if (end > 0) yield all.slice(0, end);
    waiting = all.slice(end, all.rows);
  }
  if (waiting !== undefined && waiting.rows > 0) yield waiting;
}

function isBetweenRecords(before: ScannedRows, after: ScannedRows, offset: string): boolean {
  return after.rows > 0 && before.numbers(offset)[before.rows - 1] !== after.numbers(offset)[0];
}

function lastRecordStart(offsets: Float64Array): number {
  let start = offsets.length - 1;
  while (start > 0 && offsets[start - 1] === offsets[start]) start--;
  return start;
}
