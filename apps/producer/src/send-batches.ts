import type { FeedRow } from './feeds/feed.js';

/** Below what a broker takes in one request by default (1 MiB), with room for its own bookkeeping. */
const MAX_BYTES = 768 * 1024;
const MAX_ROWS = 4000;
/** Key, headers and framing of a record, about. */
const RECORD_OVERHEAD_BYTES = 160;

/** Cuts rows into what goes into one send: some thousand of them, or one alone that is larger than a send should be. */
export function* sendBatches(rows: readonly FeedRow[]): Generator<readonly FeedRow[]> {
  let start = 0;
  let bytes = 0;
  for (const [i, row] of rows.entries()) {
    const rowBytes = row.value.length + RECORD_OVERHEAD_BYTES;
    if (i > start && (i - start === MAX_ROWS || bytes + rowBytes > MAX_BYTES)) {
      yield rows.slice(start, i);
      start = i;
      bytes = 0;
    }
    bytes += rowBytes;
  }
  if (start < rows.length) yield rows.slice(start);
}
