import type { Log, LogProducer, OutgoingRecord, TopicSpec } from '@engine/stream';
import { LogError } from '@engine/stream';
import type { Feed, FeedRow, SentRows } from './feeds/feed.js';
import type { SentPositions } from './resume.js';
import { FEED_HEADER, readSentPositions, ROW_HEADER } from './resume.js';
import { sendBatches } from './send-batches.js';
import { sleep } from './sleep.js';
import { ensureAnyTopic } from './topic.js';

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5000;

/** How far a feed is. `rows` were gone through: `sent` are in the log by this process, `skipped` were there before. */
export interface FeedProgress {
  readonly rows: number;
  readonly sent: number;
  readonly skipped: number;
}

/** Where the rows go. */
export interface Destination {
  readonly log: Log;
  /** Created where it is missing; an existing one may have another number of partitions. */
  readonly topic: TopicSpec;
  /** Told what was sent before, when nothing of the rest is yet. */
  beforeSending?(sent: SentRows, signal: AbortSignal): Promise<void>;
  /** Told of every failure after which the sender tries again. */
  onRetry(error: LogError): void;
  /** The wait before the first repetition; the next ones wait twice as long each, up to 5 s. Default: 100 ms. */
  readonly firstRetryMs?: number;
}

/**
 * Brings a feed's rows into the log, each one once: goes on behind what the log has of the feed, has one send in flight,
 * and after a send that may or may not have arrived looks at the log again before it sends anything else.
 */
export class FeedSender {
  #producer: LogProducer | undefined;
  /** Undefined while it is not known what of the last send arrived. */
  #positions: SentPositions | undefined;
  #trouble: LogError | undefined;
  #rows = 0;
  #attempts = 0;
  #isAttempting = false;
  #sent = 0;

  constructor(
    private readonly feed: Feed,
    private readonly to: Destination,
  ) {}

  get progress(): FeedProgress {
    return { rows: this.#rows, sent: this.#sent, skipped: this.#rows - this.#sent };
  }

  /** What keeps the sender from going on, while it tries again. */
  get trouble(): LogError | undefined {
    return this.#trouble;
  }

  /** A read or send that has begun and not ended. */
  get isAttempting(): boolean {
    return this.#isAttempting;
  }

  /** How many reads and sends have begun by now. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Resolves at the end of the feed (true) or, with the send at hand done, after the signal (false). */
  async run(signal: AbortSignal): Promise<boolean> {
    try {
      const start = await this.#persist(() => this.#firstPositions(), signal);
      if (start === undefined) return false;
      await this.to.beforeSending?.(start, signal);
      return await this.#sendAll(start, signal);
    } finally {
      await this.#producer?.close();
    }
  }

  async #sendAll(start: SentPositions, signal: AbortSignal): Promise<boolean> {
    for await (const rows of this.feed.batches(start, signal))
      for (const batch of sendBatches(rows)) {
        if (signal.aborted || !(await this.#persist(() => this.#send(batch), signal))) return false;
        this.#sent += batch.filter(({ key, row }) => !start.has(key, row)).length;
        this.#rows = batch.at(-1)!.row + 1;
      }
    return !signal.aborted;
  }

  async #send(batch: readonly FeedRow[]): Promise<true> {
    const positions = await this.#readPositions();
    const missing = batch.filter(({ key, row }) => !positions.has(key, row));
    if (missing.length === 0) return true;
    this.#producer ??= await this.to.log.createProducer();
    await this.#producer.send(
      this.to.topic.name,
      missing.map((row) => this.#toRecord(row, positions)),
    );
    return true;
  }

  #toRecord({ key, row, value }: FeedRow, sent: SentPositions): OutgoingRecord {
    const headers = { [FEED_HEADER]: this.feed.name, [ROW_HEADER]: String(row) };
    return { partition: sent.partitionOf(key), key, value, headers };
  }

  async #firstPositions(): Promise<SentPositions> {
    await ensureAnyTopic(this.to.log, this.to.topic);
    return this.#readPositions();
  }

  async #readPositions(): Promise<SentPositions> {
    this.#positions ??= await readSentPositions(this.to.log, this.to.topic.name, this.feed.name);
    return this.#positions;
  }

  /** Tries until it works, each time with a new producer and another look at the log; undefined when the signal came first. Throws what no retry can heal. */
  async #persist<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
    for (
      let waitMs = this.to.firstRetryMs ?? FIRST_RETRY_MS;
      ;
      waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS)
    ) {
      try {
        const result = await this.#once(attempt);
        this.#trouble = undefined;
        return result;
      } catch (error) {
        if (!(error instanceof LogError && error.retriable)) throw error;
        this.#trouble = error;
        this.to.onRetry(error);
        await this.#forget();
        await sleep(waitMs, signal);
        if (signal.aborted) return undefined;
      }
    }
  }

  async #once<T>(attempt: () => Promise<T>): Promise<T> {
    this.#attempts++;
    this.#isAttempting = true;
    try {
      return await attempt();
    } finally {
      this.#isAttempting = false;
    }
  }

  async #forget(): Promise<void> {
    this.#positions = undefined;
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.close().catch(() => undefined);
  }
}
