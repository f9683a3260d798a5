import { countOfChunk, timeOfChunk } from './chunk.js';
import type { Database } from './environment.js';
import type { Head } from './head.js';
import { chunkKey, firstChunkKey, offsetOfChunk } from './keys.js';

interface StoredChunk {
  readonly key: Buffer;
  readonly base: number;
  readonly next: number;
  readonly timeMs: number;
  readonly bytes: number;
}

/**
 * Inside a write transaction: deletes the oldest chunks of the topic, of whatever partition, until the rest takes at
 * most `maxBytes`, and puts the new heads into `heads`. The newest chunk of a partition stays.
 */
export function evictOldest(db: Database, heads: Head[], maxBytes: number): void {
  let bytes = heads.reduce((sum, head) => sum + head.bytes, 0);
  while (bytes > maxBytes) {
    const oldest = oldestChunk(db, heads);
    if (!oldest) return;
    const { partition, chunk } = oldest;
    heads[partition] = removeChunk(db, heads[partition]!, chunk);
    bytes -= chunk.bytes;
  }
}

/** Inside a write transaction: deletes the records below `before`. Returns the partition's new head. */
export function truncatePartition(db: Database, partition: number, head: Head, before: number): Head {
  if (before <= head.start) return head;
  let left = head;
  let chunk = firstChunk(db, partition, head);
  while (chunk && chunk.next <= before) {
    left = removeChunk(db, left, chunk);
    chunk = firstChunk(db, partition, left);
  }
  return { ...left, start: before };
}

function oldestChunk(
  db: Database,
  heads: readonly Head[],
): { partition: number; chunk: StoredChunk } | undefined {
  let oldest: { partition: number; chunk: StoredChunk } | undefined;
  heads.forEach((head, partition) => {
    const chunk = firstChunk(db, partition, head);
    if (!chunk || chunk.next === head.end) return;
    if (!oldest || chunk.timeMs < oldest.chunk.timeMs) oldest = { partition, chunk };
  });
  return oldest;
}

function firstChunk(db: Database, partition: number, head: Head): StoredChunk | undefined {
  const range = { start: firstChunkKey(partition), end: chunkKey(partition, head.end), limit: 1 };
  for (const { key, value } of db.getRange(range)) {
    const base = offsetOfChunk(key);
    return {
      key,
      base,
      next: base + countOfChunk(value),
      timeMs: timeOfChunk(value),
      bytes: value.length,
    };
  }
  return undefined;
}

function removeChunk(db: Database, head: Head, chunk: StoredChunk): Head {
  void db.remove(chunk.key);
  return { ...head, start: Math.max(head.start, chunk.next), bytes: head.bytes - chunk.bytes };
}
