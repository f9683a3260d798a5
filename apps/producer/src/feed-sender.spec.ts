import { laneOf } from '@engine/medallion';
import type { LogProducer, LogRecord, OutgoingRecord } from '@engine/stream';
import { LogError } from '@engine/stream';
import { MemoryLog } from '@engine/stream/testing';
import fc from 'fast-check';
import { FeedSender } from './feed-sender.js';
import type { Feed } from './feeds/feed.js';
import { listedFeed } from './testing/listed-feed.js';

const TOPIC = 'stock-ticks';
const PARTITIONS = 3;
const NEVER = new AbortController().signal;

const sender = (feed: Feed, log: MemoryLog): FeedSender =>
  new FeedSender(feed, {
    log,
    topic: { name: TOPIC, partitions: PARTITIONS },
    onRetry: () => undefined,
    firstRetryMs: 1,
  });

const message = (row: number): Buffer =>
  Buffer.from(
    row % 7 === 3
      ? `bad \xff ${row}`
      : `{"ticker":"S${row % 5}","price":${row + 1},"timestamp":1700000000,"id":${row}}`,
    'latin1',
  );
const messages = (n: number): Buffer[] => Array.from({ length: n }, (_, row) => message(row));
const keyOf = (row: number): string => (row % 7 === 3 ? String(row) : `S${row % 5}`);

const seen = ({ key, value, headers }: LogRecord): unknown => ({
  row: Number(headers['row']),
  key: key?.toString(),
  value: value?.toString('latin1'),
});

/** Every row once, in order, in the partition of its key, as it stands in the feed. */
function expectEachRowOnce(log: MemoryLog, rows: number): void {
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const expected = messages(rows)
      .map((value, row) => ({ row, key: keyOf(row), value: value.toString('latin1') }))
      .filter(({ key }) => laneOf(key, PARTITIONS) === partition);
    expect(log.records(TOPIC, partition).map(seen)).toEqual(expected);
  }
}

/** Stops the sender, as a kill would, once it has sent so often. */
class KillingLog extends MemoryLog {
  killAfterSends = Infinity;
  #kill = new AbortController();

  nextLife(sends: number): AbortSignal {
    this.killAfterSends = sends;
    this.#kill = new AbortController();
    return this.#kill.signal;
  }

  override async createProducer(): Promise<LogProducer> {
    const producer = await super.createProducer();
    const send = producer.send.bind(producer);
    producer.send = async (topic: string, records: readonly OutgoingRecord[]): Promise<void> => {
      if (this.killAfterSends-- <= 0) this.#kill.abort();
      await send(topic, records);
    };
    return producer;
  }
}

describe('FeedSender', () => {
  it('sends every row in order, by its key, with the headers feed and row', async () => {
    const log = new MemoryLog();
    const sending = sender(listedFeed(messages(100), 9), log);
    expect(await sending.run(NEVER)).toBe(true);
    expectEachRowOnce(log, 100);
    expect(new Set(log.records(TOPIC).map(({ headers }) => headers['feed']))).toEqual(
      new Set(['file:jsonl:test']),
    );
    expect(sending.progress).toEqual({ rows: 100, sent: 100, skipped: 0 });
  });

  it('skips everything when the feed was sent before', async () => {
    const log = new MemoryLog();
    await sender(listedFeed(messages(50), 10), log).run(NEVER);
    const again = sender(listedFeed(messages(50), 10), log);
    expect(await again.run(NEVER)).toBe(true);
    expectEachRowOnce(log, 50);
    expect(again.progress).toEqual({ rows: 50, sent: 0, skipped: 50 });
  });

  it('goes on behind what an earlier run left, with records of others in between', async () => {
    const log = new MemoryLog();
    await sender(listedFeed(messages(40), 10), log).run(NEVER);
    await sender(listedFeed(messages(2000), 100, 'file:jsonl:other'), log).run(NEVER);
    const again = sender(listedFeed(messages(60), 10), log);
    await again.run(NEVER);
    expect(again.progress).toEqual({ rows: 60, sent: 20, skipped: 40 });
    const own = log.records(TOPIC).filter(({ headers }) => headers['feed'] === 'file:jsonl:test');
    expect(own.map(({ headers }) => Number(headers['row'])).sort((a, b) => a - b)).toEqual([
      ...Array(60).keys(),
    ]);
  });

  it('goes on when retention took the beginning of its records', async () => {
    const log = new MemoryLog();
    await sender(listedFeed(messages(40), 10), log).run(NEVER);
    for (let partition = 0; partition < PARTITIONS; partition++)
      log.truncate(TOPIC, partition, log.records(TOPIC, partition).at(-1)!.offset);
    const again = sender(listedFeed(messages(60), 10), log);
    await again.run(NEVER);
    expect(again.progress).toEqual({ rows: 60, sent: 20, skipped: 40 });
  });

  it('no-row-lost, no-row-twice: killed at random sends, with sends that fail after, before or in part', async () => {
    const life = fc.record({
      sends: fc.integer({ min: 0, max: 6 }),
      failures: fc.array(fc.subarray([...Array(PARTITIONS).keys()]), { maxLength: 3 }),
      batchRows: fc.integer({ min: 1, max: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(life, { maxLength: 8 }), async (lives) => {
        const log = new KillingLog();
        for (const { sends, failures, batchRows } of lives) {
          for (const landing of failures) log.failNextSend(({ partition }) => landing.includes(partition));
          await sender(listedFeed(messages(120), batchRows), log).run(log.nextLife(sends));
        }
        await sender(listedFeed(messages(120), 50), log).run(log.nextLife(Infinity));
        expectEachRowOnce(log, 120);
      }),
      { numRuns: 25 },
    );
  });

  it('counts rows that arrived by a send of unknown outcome as sent', async () => {
    const log = new MemoryLog();
    log.failNextSend(() => true);
    const sending = sender(listedFeed(messages(10), 10), log);
    await sending.run(NEVER);
    expectEachRowOnce(log, 10);
    expect(sending.progress).toEqual({ rows: 10, sent: 10, skipped: 0 });
    expect(sending.trouble).toBeUndefined();
  });

  it('ends with an error that no retry can heal', async () => {
    class Refused extends LogError {
      readonly retriable = false;
    }
    const log = new MemoryLog();
    log.createProducer = () => Promise.reject(new Refused('no'));
    await expect(sender(listedFeed(messages(1), 1), log).run(NEVER)).rejects.toThrow(Refused);
  });

  it('keeps the partitions a topic has', async () => {
    const log = new MemoryLog();
    await log.ensureTopic({ name: TOPIC, partitions: 7 });
    await sender(listedFeed(messages(30), 30), log).run(NEVER);
    for (const { partition, key } of log.records(TOPIC)) expect(partition).toBe(laneOf(key!.toString(), 7));
    expect(log.records(TOPIC)).toHaveLength(30);
  });
});
