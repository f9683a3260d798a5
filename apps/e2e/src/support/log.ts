import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedLog } from '@engine/stream/embedded';

/** A record as it stands in the embedded log. Time in µs. */
export interface Published {
  readonly partition: number;
  readonly offset: number;
  readonly timeUs: number;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Outgoing {
  readonly partition: number;
  readonly value: Buffer | string | null;
  readonly key?: string;
}

export const STOCK_TICKS = 'stock-ticks';
const PARTITIONS = 4;
/** A commit takes some ms; waiting longer for nothing does no harm. */
const LOCK_MS = 4_000;
const READ_LIMITS = { maxRecords: 5_000, maxBytes: 64 * 2 ** 20 };

/** Opens the folder's log for one piece of work; the engine may be running on it. */
export async function withLog<T>(dataDir: string, work: (log: EmbeddedLog) => Promise<T>): Promise<T> {
  const log = await EmbeddedLog.open(join(dataDir, 'log'));
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}

/** Publishes to `stock-ticks` as any program might, one send after the other; the topic is made if it is missing. */
export async function publish(dataDir: string, sends: readonly (readonly Outgoing[])[]): Promise<void> {
  await withLog(dataDir, async (log) => {
    await log.ensureTopic({ name: STOCK_TICKS, partitions: PARTITIONS });
    const producer = await log.createProducer();
    for (const send of sends) await producer.send(STOCK_TICKS, send);
    await producer.close();
  });
}

/** Everything in a topic, by partition and offset. */
export async function readTopic(dataDir: string, topic: string): Promise<Published[]> {
  return withLog(dataDir, async (log) => {
    const published: Published[] = [];
    for (const [partition, range] of (await log.offsetRanges(topic)).entries())
      for (let from = range.start; from < range.end;) {
        const records = await log.read(topic, partition, from, READ_LIMITS);
        published.push(...records.map(toPublished));
        from = (records.at(-1)?.offset ?? Infinity) + 1;
      }
    return published;
  });
}

/** How many records a topic holds by now; none when it is not there. */
export async function recordsIn(
  log: Pick<EmbeddedLog, 'describeTopic' | 'offsetRanges'>,
  topic: string,
): Promise<number> {
  if ((await log.describeTopic(topic)) === undefined) return 0;
  const ranges = await log.offsetRanges(topic);
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

/**
 * Whether a topic can be written to: a process that stands still in the middle of a commit keeps everybody from it. The topic
 * must have been looked at before: to open it may need the same lock.
 */
export async function isWritable(log: EmbeddedLog, topic: string): Promise<boolean> {
  // Deletes nothing, but has to have the lock to do so.
  const written = log.truncate(topic, 0, 0).then(() => true);
  return Promise.race([written, delay(LOCK_MS, false)]);
}

type LogRecord = Awaited<ReturnType<EmbeddedLog['read']>>[number];

function toPublished({ partition, offset, timeMs, key, value, headers }: LogRecord): Published {
  return { partition, offset, timeUs: timeMs * 1_000, key: key?.toString() ?? null, value, headers };
}
