import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ChangeSignal } from '../consumer/change-signal.js';
import type { Fetched, LaneSource, Wanted } from '../consumer/lane-source.js';
import type { LogRecord, OffsetRange, ReadLimits, TopicDescription, TopicSpec } from '../ports.js';
import { checkOffset, checkPartition, missingTopic } from '../topic/check-topic.js';
import { RecordCollector, decodeChunk, stampChunk } from './chunk.js';
import type { Chunk } from './chunk.js';
import { Environment } from './environment.js';
import type { Database } from './environment.js';
import { FileChanges } from './file-changes.js';
import { getHead, getHeads, putHeads } from './head.js';
import type { Head } from './head.js';
import { chunkKey, firstChunkKey, offsetOfChunk, topicKey } from './keys.js';
import { evictOldest, truncatePartition } from './retention.js';

/** LMDB's own name for the file in an environment's folder. */
export const dataFile = 'data.mdb';

export interface TopicStoreOptions {
  readonly clock: () => number;
  /** Oldest chunks go when the topic's chunks take more. undefined: they stay. */
  readonly retentionBytes: number | undefined;
}

/** Chunks for one partition, in order. */
export interface Append {
  readonly partition: number;
  readonly chunks: readonly Chunk[];
}

/** One topic: an LMDB environment with the topic's description, a head per partition, and the chunks. */
export class TopicStore implements LaneSource {
  readonly #signal = new ChangeSignal();
  readonly #environment: Environment;
  #watch: FileChanges | undefined;
  #description: TopicDescription | undefined;

  constructor(
    private readonly folder: string,
    readonly topic: string,
    private readonly options: TopicStoreOptions,
  ) {
    this.#environment = new Environment(folder);
  }

  /** undefined: the environment is there, but nobody has made it a topic. */
  async describe(): Promise<TopicDescription | undefined> {
    return (this.#description ??= await this.#environment.read(storedDescription));
  }

  /** Throws `TopicMismatchError` where nobody has made it a topic. */
  async existing(): Promise<TopicDescription> {
    const description = await this.describe();
    if (!description) throw missingTopic(this.topic);
    return description;
  }

  /** Watches the file from the first call on. */
  get changes(): ChangeSignal {
    this.#watch ??= new FileChanges(join(this.folder, dataFile), this.#signal);
    return this.#signal;
  }

  /**
   * Makes it a topic, if no process has done so before. A limit that was set since its last append holds from here on, not
   * from the next append: by then its readers have found out where they begin.
   */
  async ensure({ name, partitions }: TopicSpec): Promise<TopicDescription> {
    const found = await this.describe();
    if (found) {
      await this.#evict(found.partitions);
      return found;
    }
    return this.#environment.write((db) => {
      const foundNow = storedDescription(db);
      if (foundNow) return foundNow;
      const made = { name, partitions, id: randomUUID() };
      void db.put(topicKey, Buffer.from(JSON.stringify(made)));
      return made;
    });
  }

  async #evict(partitions: number): Promise<void> {
    const { retentionBytes } = this.options;
    if (retentionBytes === undefined) return;
    await this.#environment.write((db) => {
      const heads = getHeads(db, partitions);
      evictOldest(db, heads, retentionBytes);
      putHeads(db, heads);
    });
  }

  /** All of it or nothing, on disk when it resolves. Gives offsets and times inside the transaction, so in commit order. */
  async append(appends: readonly Append[]): Promise<void> {
    const { partitions } = await this.existing();
    const { clock, retentionBytes } = this.options;
    await this.#environment.write((db) => {
      const heads = getHeads(db, partitions);
      // One clock for the topic: no partition's time goes back, and no merge by time is overtaken by a later append.
      const timeMs = heads.reduce((latest, head) => Math.max(latest, head.timeMs), clock());
      for (const { partition, chunks } of appends) {
        heads[partition] = appendChunks(db, { partition, chunks }, heads[partition]!, timeMs);
      }
      if (retentionBytes !== undefined) evictOldest(db, heads, retentionBytes);
      putHeads(db, heads);
    });
    this.#signal.raise();
  }

  /** Deletes the partition's records below `before`. */
  async truncate(partition: number, before: number): Promise<void> {
    const topic = await this.existing();
    checkPartition(topic, partition);
    await this.#environment.write((db) => {
      const heads = getHeads(db, topic.partitions);
      const head = heads[partition]!;
      heads[partition] = truncatePartition(db, partition, head, Math.min(before, head.end));
      putHeads(db, heads);
    });
  }

  async ranges(): Promise<readonly OffsetRange[]> {
    const { partitions } = await this.existing();
    const heads = await this.#environment.read((db) => getHeads(db, partitions));
    return heads.map(({ start, end }) => ({ start, end }));
  }

  async fetch(wanted: readonly Wanted[]): Promise<readonly Fetched[]> {
    const topic = await this.existing();
    for (const { partition } of wanted) checkPartition(topic, partition);
    return this.#environment.read((db) =>
      wanted.map(({ partition, from, limits }) => {
        const head = getHead(db, partition);
        checkOffset(this.topic, partition, from, head);
        const isWanted = limits !== undefined && from < head.end;
        return {
          records: isWanted ? this.#records(db, { partition, from, end: head.end }, limits) : [],
          end: head.end,
        };
      }),
    );
  }

  async read(partition: number, from: number, limits: ReadLimits): Promise<readonly LogRecord[]> {
    const [fetched] = await this.fetch([{ partition, from, limits }]);
    return fetched!.records;
  }

  checkReaders(): void {
    this.#environment.checkReaders();
  }

  async close(): Promise<void> {
    this.#watch?.close();
    await this.#environment.close();
  }

  #records(
    db: Database,
    { partition, from, end }: { readonly partition: number; readonly from: number; readonly end: number },
    limits: ReadLimits,
  ): readonly LogRecord[] {
    const collector = new RecordCollector(limits);
    const start = this.#chunkWith(db, partition, from);
    for (const { key, value } of db.getRange({ start, end: chunkKey(partition, end) })) {
      this.#environment.countRead(value.length);
      if (!decodeChunk(value, { partition, base: offsetOfChunk(key), from }, collector)) break;
    }
    return collector.records;
  }

  /** The key of the chunk that holds the offset: the last one that starts at or below it. */
  #chunkWith(db: Database, partition: number, offset: number): Buffer {
    const range = {
      start: chunkKey(partition, offset),
      end: firstChunkKey(partition),
      reverse: true,
      limit: 1,
    };
    const [key] = db.getKeys(range);
    if (key === undefined) throw new Error(`${this.topic}/${partition}: no chunk holds offset ${offset}`);
    return key;
  }
}

function appendChunks(db: Database, { partition, chunks }: Append, head: Head, timeMs: number): Head {
  let { end, bytes } = head;
  for (const chunk of chunks) {
    stampChunk(chunk, timeMs);
    void db.put(chunkKey(partition, end), chunk.bytes);
    end += chunk.count;
    bytes += chunk.bytes.length;
  }
  return { start: head.start, end, timeMs, bytes };
}

function storedDescription(db: Database): TopicDescription | undefined {
  const stored = db.get(topicKey);
  return stored && (JSON.parse(stored.toString()) as TopicDescription);
}
