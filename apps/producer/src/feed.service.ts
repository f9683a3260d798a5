import { topicNames } from '@engine/contracts';
import type { Health, Worker } from '@engine/observability';
import type { LogError } from '@engine/stream';
import { Log } from '@engine/stream';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { FeedProgress } from './feed-sender.js';
import { FeedSender } from './feed-sender.js';
import type { Feed, SentRows } from './feeds/feed.js';
import { countLateRows, lateRowsText, readNewestTimes } from './late-rows.js';
import type { ProducerSettings } from './producer.config.js';
import { PRODUCER_SETTINGS } from './producer.config.js';

/** Injection token of the feed, null where there is none. */
export const FEED = Symbol('feed of the producer');

/** What `GET /control/feed` tells. `done`: the feed has ended, everything is in the log. */
export interface FeedStatus extends FeedProgress {
  readonly kind: Feed['kind'] | 'none';
  readonly done: boolean;
}

/** Sends the feed from the app's start to its stop. */
@Injectable()
export class FeedService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('feed');
  readonly #stop = new AbortController();
  readonly #sender: FeedSender | undefined;
  #settle: (outcome: Promise<boolean>) => void = () => undefined;
  /**
   * Resolves with true at the end of the feed, with false when the app was stopped before. Rejects when sending failed for
   * good.
   */
  readonly ended = new Promise<boolean>((resolve) => {
    this.#settle = resolve;
  });
  #isDone = false;

  constructor(
    @Inject(FEED) private readonly feed: Feed | null,
    @Inject(PRODUCER_SETTINGS) private readonly settings: ProducerSettings,
    log: Log,
  ) {
    if (feed === null) return;
    const topic = { name: topicNames(settings.topicPrefix).stockTicks, partitions: settings.lanes };
    this.#sender = new FeedSender(feed, {
      log,
      topic,
      onRetry: (error) => {
        this.#warn(error);
      },
      ...(feed.kind === 'file' && {
        beforeSending: (sent, signal) => this.#warnOfLateRows(feed, sent, signal),
      }),
    });
  }

  status(): FeedStatus {
    const progress = this.#sender?.progress ?? { rows: 0, sent: 0, skipped: 0 };
    // Where there is no feed, nothing more will come of it.
    return { kind: this.feed?.kind ?? 'none', ...progress, done: this.feed === null || this.#isDone };
  }

  readiness(): Promise<Health> {
    const trouble = this.#sender?.trouble;
    return Promise.resolve(trouble === undefined ? { up: true } : { up: false, reason: trouble.message });
  }

  /** The feed as the stall watch sees it: it may wait for its next tick, but not for ever for an answer of the log. */
  workers(): Promise<readonly Worker[]> {
    if (this.#sender === undefined) return Promise.resolve([]);
    const { isAttempting, attempts } = this.#sender;
    const waiting = isAttempting ? 'the log has not answered' : null;
    return Promise.resolve([{ name: 'feed', waiting, mark: String(attempts) }]);
  }

  onApplicationBootstrap(): void {
    if (this.#sender === undefined || this.feed === null) return;
    this.#logger.log(`Sending ${this.feed.name}`);
    this.#settle(this.#run(this.#sender));
  }

  /** Resolves when the send at hand has been dealt with. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    if (this.#sender !== undefined) await this.ended.catch(() => undefined);
  }

  async #run(sender: FeedSender): Promise<boolean> {
    this.#isDone = await sender.run(this.#stop.signal);
    const outcome = this.#isDone ? 'The feed has ended' : 'Stopped';
    this.#logger.log(`${outcome}: ${describeProgress(sender.progress)}`);
    return this.#isDone;
  }

  /** A lake that cannot be read is for others to complain of: nothing is sent because of what is found here. */
  async #warnOfLateRows(feed: Feed, sent: SentRows, signal: AbortSignal): Promise<void> {
    const { lakeFolder, allowedLatenessUs } = this.settings;
    try {
      const newest = await readNewestTimes(lakeFolder);
      if (newest.size === 0) return;
      const counts = await countLateRows(feed, sent, { newest, allowedLatenessUs }, signal);
      if (counts.late > 0) this.#logger.warn(lateRowsText(counts));
    } catch (error) {
      this.#logger.warn(`Whether rows are late for the lake is not known: ${String(error)}`);
    }
  }

  #warn(error: LogError): void {
    this.#logger.warn(`Trying again: ${error.message}`);
  }
}

export function describeProgress({ rows, sent, skipped }: FeedProgress): string {
  return `${rows} rows, ${sent} sent, ${skipped} skipped`;
}
