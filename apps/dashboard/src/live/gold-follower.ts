import type { DashboardConfig } from '@engine/config';
import { decodeUpdate, topicNames } from '@engine/contracts';
import type { GoldUpdate } from '@engine/medallion';
import type { Health, HealthCheck, Worker } from '@engine/observability';
import { Log } from '@engine/stream';
import type { LaneListener, LogBatch, LogConsumer, LogRecord } from '@engine/stream';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { DASHBOARD_CONFIG } from '../dashboard-config.token.js';
import { LakeView } from '../lake/lake-view.js';
import { FollowerLife } from './follower-life.js';
import { LiveGold } from './live-gold.js';

/** Updates of the past that are read at the start, per lane: enough for every open bar, and not the whole history. */
export const MAX_HISTORY = 200_000;
/** So many bars waiting for their segment are worth a look whether it has come. */
const MANY_WAITING = 50_000;

/** An update that was heard, and the record that said it. */
export type UpdateListener = (update: GoldUpdate, lane: number, record: LogRecord) => void;

/**
 * Follows gold's updates in all lanes, without a group: every dashboard sees all of them. Updates that the log loses before
 * they were read do no harm: closed bars are in the lake, open ones are told again when they change.
 */
@Injectable()
export class GoldFollower implements LaneListener, HealthCheck, OnApplicationBootstrap, OnModuleDestroy {
  readonly key = 'gold-updates';
  /** Rejects when the updates cannot be followed any more. */
  readonly ended: Promise<void>;
  readonly life: FollowerLife;
  readonly #consumer: LogConsumer;
  readonly #topic: string;
  #topicId = '';
  /** By lane: the offset to read next, and the one at which the log ended at the start. */
  readonly #next = new Map<number, number>();
  readonly #pastEnds = new Map<number, number>();
  readonly #listeners: UpdateListener[] = [];

  constructor(
    private readonly log: Log,
    private readonly live: LiveGold,
    private readonly lake: LakeView,
    @Inject(DASHBOARD_CONFIG) private readonly config: DashboardConfig,
  ) {
    this.#topic = topicNames(config.topicPrefix).goldUpdates;
    this.#consumer = log.createConsumer({ topic: this.#topic, whenOvertaken: 'reassign' });
    this.ended = this.#consumer.ended;
    this.life = new FollowerLife(this.key, "gold's updates", this.ended);
  }

  /** Another one when the topic was deleted and made again. */
  get topicId(): string {
    return this.#topicId;
  }

  onUpdate(listener: UpdateListener): void {
    this.#listeners.push(listener);
  }

  async onApplicationBootstrap(): Promise<void> {
    const topic = await this.log.ensureTopic({ name: this.#topic, partitions: this.config.lanes });
    this.#topicId = topic.id;
    await this.#consumer.start(this);
  }

  async onModuleDestroy(): Promise<void> {
    await this.#consumer.stop();
  }

  async assigned(lanes: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const ranges = await this.log.offsetRanges(this.#topic);
    for (const lane of lanes) {
      const { start, end } = ranges[lane] ?? { start: 0, end: 0 };
      if (!this.#pastEnds.has(lane)) this.#pastEnds.set(lane, end);
      this.#next.set(lane, Math.max(start, this.#next.get(lane) ?? end - MAX_HISTORY));
    }
    return new Map(lanes.map((lane) => [lane, this.#next.get(lane) ?? 0]));
  }

  async batch({ records }: LogBatch): Promise<void> {
    for (const record of records) {
      const update = decodeUpdate(record.value);
      this.live.apply(update, record.partition);
      this.#next.set(record.partition, record.offset + 1);
      for (const listener of this.#listeners) listener(update, record.partition, record);
    }
    if (this.live.waiting > MANY_WAITING) await this.lake.freshen();
  }

  revoked(): Promise<void> {
    return Promise.resolve();
  }

  /** The lanes as the stall watch sees them. */
  async workers(): Promise<readonly Worker[]> {
    const ranges = await this.log.offsetRanges(this.#topic);
    return [...this.#next].map(([lane, next]) => {
      const left = (ranges[lane]?.end ?? 0) - next;
      const waiting = left > 0 ? `${left.toLocaleString('en-US')} updates wait` : null;
      return { name: `gold-updates lane ${lane}`, waiting, mark: String(next) };
    });
  }

  check(): Promise<Health> {
    const left = [...this.#pastEnds].reduce(
      (sum, [lane, end]) => sum + Math.max(0, end - (this.#next.get(lane) ?? 0)),
      0,
    );
    if (this.#pastEnds.size === 0) return Promise.resolve({ up: false, reason: 'not started yet' });
    return Promise.resolve(
      left === 0 ? { up: true } : { up: false, reason: `${left} updates of the past to read` },
    );
  }
}
