import type { Feed, FeedRow } from '../feeds/feed.js';
import { fileRow } from '../feeds/file-row.js';

/** A feed of given messages, so many a batch. */
export function listedFeed(messages: readonly Buffer[], batchRows: number, name = 'file:jsonl:test'): Feed {
  const rows = messages.map((message, row) => fileRow(message, row, 'test'));
  return {
    kind: 'file',
    name,
    async *batches(_sent, signal): AsyncGenerator<readonly FeedRow[]> {
      for (let start = 0; start < rows.length; start += batchRows) {
        await Promise.resolve();
        if (signal.aborted) return;
        yield rows.slice(start, start + batchRows);
      }
    },
  };
}
