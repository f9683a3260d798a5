import { compareCoordinates } from '@engine/contracts';
import type { Coordinate } from '@engine/contracts';
import type { Latency } from '@engine/contracts/api';
import type { GoldUpdate, LayerName } from '@engine/medallion';
import type { LogRecord } from '@engine/stream';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { GoldFollower } from '../live/gold-follower.js';
import { LiveTicks } from '../ticks/live-ticks.js';
import type { HeardTick } from '../ticks/live-ticks.js';
import { TickFollower } from '../ticks/tick-follower.js';
import { RecentSamples } from './recent-samples.js';

const MAX_MESSAGES = 5000;

/** A message of `silver-ticks`: where it stands, and the last row of the lane that it and those before it say. */
interface Message {
  readonly offset: number;
  readonly last: Coordinate;
}

/** What passes by on the topics that the dashboard follows anyway: how fast, how late, how far gold is. */
@Injectable()
export class ObservedFlow {
  readonly #messages = new Map<number, Message[]>();
  readonly #goldOffsets = new Map<number, number>();
  /** By lane of `bronze-ticks`: the newest message that was measured. */
  readonly #bronzeMeasured = new Map<number, number>();
  readonly #ticks = new RecentSamples();
  readonly #bronze = new RecentSamples();
  readonly #silver = new RecentSamples();
  readonly #gold = new RecentSamples();

  constructor(
    ticks: TickFollower,
    updates: GoldFollower,
    private readonly live: LiveTicks,
    private readonly clock: Clock,
  ) {
    ticks.onTicks((heard, lane, record) => {
      this.#hearTicks(heard, lane, record);
    });
    updates.onUpdate((update, lane, record) => {
      this.#hearUpdate(update, lane, record);
    });
  }

  /** By lane: records of `silver-ticks` below it have gone into gold's updates. */
  get goldProcessed(): ReadonlyMap<number, number> {
    return this.#goldOffsets;
  }

  get ticksPerSecond(): number {
    return this.#ticks.perSecond(this.clock.monotonicMs());
  }

  latency(layer: LayerName): Latency | null {
    const samples = { bronze: this.#bronze, silver: this.#silver, gold: this.#gold };
    return samples[layer].latency(this.clock.monotonicMs());
  }

  /**
   * A message of `bronze-ticks` that somebody has read, with the times of its rows' records in `stock-ticks`, µs. Nobody
   * follows that topic here: what bronze takes is known from the messages that are looked at, each measured once.
   */
  sawBronze({ partition, offset, timeMs }: LogRecord, recordTimesUs: ArrayLike<number>): void {
    if (offset === this.#bronzeMeasured.get(partition)) return;
    this.#bronzeMeasured.set(partition, offset);
    const now = this.clock.monotonicMs();
    for (let row = 0; row < recordTimesUs.length; row++)
      this.#bronze.add(timeMs - recordTimesUs[row]! / 1000, now);
  }

  #hearTicks(heard: readonly HeardTick[], lane: number, { offset, timeMs }: LogRecord): void {
    const now = this.clock.monotonicMs();
    if (heard.length > 0) this.#ticks.add(heard.length, now);
    for (const { record_time } of heard) this.#silver.add(timeMs - record_time / 1000, now);
    const last = this.live.highWater(lane);
    if (last === null) return;
    const messages = this.#messages.get(lane) ?? [];
    this.#messages.set(lane, messages);
    messages.push({ offset, last });
    if (messages.length > MAX_MESSAGES) messages.splice(0, MAX_MESSAGES / 2);
  }

  #hearUpdate({ lane_offset, lane_index }: GoldUpdate, lane: number, { timeMs }: LogRecord): void {
    const basedOn = { offset: lane_offset, index: lane_index };
    const tick = this.live.at(lane, basedOn);
    if (tick !== undefined) this.#gold.add(timeMs - tick.record_time / 1000, this.clock.monotonicMs());
    const reached = this.#messages.get(lane)?.findLast(({ last }) => compareCoordinates(last, basedOn) <= 0);
    if (reached !== undefined)
      this.#goldOffsets.set(lane, Math.max(reached.offset + 1, this.#goldOffsets.get(lane) ?? 0));
  }
}
