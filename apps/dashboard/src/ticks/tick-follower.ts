import { setTimeout as delay } from 'node:timers/promises';
import type { DashboardConfig } from '@engine/config';
import { decodeSilverMessage, topicNames } from '@engine/contracts';
import type { SilverMessage } from '@engine/medallion';
import type { Health, HealthCheck } from '@engine/observability';
import { Log } from '@engine/stream';
import type { LaneListener, LogBatch, LogConsumer, LogRecord } from '@engine/stream';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { DASHBOARD_CONFIG } from '../dashboard-config.token.js';
import { LakeView } from '../lake/lake-view.js';
import { FollowerLife } from '../live/follower-life.js';
import { LiveTicks } from './live-ticks.js';
import type { HeardTick } from './live-ticks.js';

/** Per lane: ticks that wait for their segment. Beyond it the lake is waited for, so that memory stays bounded. */
const MAX_WAITING = 30_000;
const LOOK_AGAIN_MS = 500;

/** What was heard in a lane, and the record that said it. */
export type TicksListener = (ticks: readonly HeardTick[], lane: number, record: LogRecord) => void;

/** Follows `silver-ticks` in all lanes, without a group, from where the lake ends. */
@Injectable()
export class TickFollower implements LaneListener, HealthCheck, OnApplicationBootstrap, OnModuleDestroy {
  readonly key = 'silver-ticks';
  /** Rejects when the ticks cannot be followed any more. */
  readonly ended: Promise<void>;
  readonly life: FollowerLife;
  readonly #consumer: LogConsumer;
  readonly #topic: string;
  readonly #next = new Map<number, number>();
  readonly #listeners: TicksListener[] = [];
  readonly #stopping = new AbortController();

  constructor(
    private readonly log: Log,
    private readonly live: LiveTicks,
    private readonly lake: LakeView,
    @Inject(DASHBOARD_CONFIG) private readonly config: DashboardConfig,
  ) {
    this.#topic = topicNames(config.topicPrefix).silverTicks;
    this.#consumer = log.createConsumer({ topic: this.#topic, whenOvertaken: 'reassign' });
    this.ended = this.#consumer.ended;
    this.life = new FollowerLife(this.key, "silver's ticks", this.ended);
  }

  onTicks(listener: TicksListener): void {
    this.#listeners.push(listener);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.log.ensureTopic({ name: this.#topic, partitions: this.config.lanes });
    await this.lake.freshen();
    await this.#consumer.start(this);
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopping.abort();
    await this.#consumer.stop();
  }

  async assigned(lanes: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const ranges = await this.log.offsetRanges(this.#topic);
    const starts = lanes.map(async (lane) => {
      const next = this.#next.get(lane);
      if (next !== undefined && next >= (ranges[lane]?.start ?? 0)) return [lane, next] as const;
      // At the start, or overtaken by the log's retention: what it lost comes with silver's next segment.
      this.live.beginAnew(lane);
      return [lane, await this.#startOf(lane)] as const;
    });
    return new Map(await Promise.all(starts));
  }

  async batch(batch: LogBatch): Promise<void> {
    for (const record of batch.records) {
      const lane = record.partition;
      const ticks = this.live.hear(messageOf(record), lane);
      this.#next.set(lane, record.offset + 1);
      for (const listener of this.#listeners) listener(ticks, lane, record);
      if (this.live.waiting(lane) > MAX_WAITING) await this.#waitForTheLake(lane);
    }
  }

  revoked(): Promise<void> {
    return Promise.resolve();
  }

  check(): Promise<Health> {
    const isStarted = this.#next.size > 0;
    return Promise.resolve(isStarted ? { up: true } : { up: false, reason: 'not started yet' });
  }

  async #waitForTheLake(lane: number): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.lake.freshen();
      if (this.live.waiting(lane) <= MAX_WAITING) return;
      await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** The offset of a message that lies before everything the lake has not: found by ever longer steps back. */
  async #startOf(lane: number): Promise<number> {
    const { start, end } = (await this.log.offsetRanges(this.#topic))[lane] ?? { start: 0, end: 0 };
    const stored = this.lake.chainEnds('silver/ticks').get(lane) ?? 0;
    let offset = end;
    for (let step = 1; offset > start; step *= 2) {
      offset = Math.max(start, end - step);
      const [record] = await this.log.read(this.#topic, lane, offset, { maxRecords: 1, maxBytes: 1 });
      if (record === undefined || firstOffset(messageOf(record)) < stored) break;
    }
    this.#next.set(lane, offset);
    return offset;
  }
}

const messageOf = ({ value }: LogRecord): SilverMessage => decodeSilverMessage(value).message;

const firstOffset = (message: SilverMessage): number =>
  message.kind === 'marker' ? message.laneOffset : (message.ticks.laneOffset[0] ?? 0);
