import { deadLetter, encodeBronzeTicks } from '@engine/contracts';
import type { LaneStatus } from '@engine/contracts';
import { bronzeEvents, decodeEvents } from '@engine/medallion';
import type { BronzeOutput } from '@engine/medallion';
import type { LaneFailed, LaneListener, LogBatch, LogRecord, OutgoingRecord } from '@engine/stream/ports';

import { LetterBudget } from './letter-budget.js';
import { LastCoordinates } from './bronze-coordinates.js';
import { BronzePartition } from './bronze-partition.js';
import { Emitter } from './emitter.js';
import { finishBestEffort } from './finish-best-effort.js';
import { laneContext } from './lane-wiring.js';
import type { PipelineContext } from './lane-wiring.js';
import { checkSameLog, inputIdentity } from './replaced-log.js';

export interface BronzeTopics {
  readonly stockTicks: string;
  readonly bronzeTicks: string;
  readonly deadLetters: string;
  /** Partitions of `bronze-ticks` and `dead-letters`. */
  readonly lanes: number;
}

/**
 * Keeps every record of `stock-ticks` and passes the valid ticks on to the lane of their symbol.
 *
 * Rows become publishable only once every lane has acknowledged the send they were in: the chain's end is where a restart
 * begins, so a row below it that no lane has would be lost. One send at a time carries all partitions of a batch, so no
 * later row of any of them goes out before.
 */
export class BronzeRunner implements LaneListener {
  readonly #partitions = new Map<number, BronzePartition>();
  readonly #lastSent = new LastCoordinates();
  readonly #ticks: Emitter;
  readonly #letters: Emitter;

  constructor(
    private readonly topics: BronzeTopics,
    private readonly context: PipelineContext,
  ) {
    this.#ticks = new Emitter(context.log, context);
    this.#letters = new Emitter(context.log, context);
  }

  async assigned(partitions: readonly number[], failed: LaneFailed): Promise<ReadonlyMap<number, number>> {
    const positions = new Map<number, number>();
    const topic = await inputIdentity(this.context.log, this.topics.stockTicks);
    for (const partition of partitions) positions.set(partition, await this.#open(partition, topic, failed));
    return positions;
  }

  async batch(batch: LogBatch): Promise<void> {
    const touched = new Set(batch.records.map((record) => record.partition));
    for (const partition of touched) await this.#owned(partition).ready();
    const started = performance.now();
    const output = decodeEvents(batch.records.map(toRawRecord), this.topics.lanes);
    await Promise.all([
      this.#ticks.send(this.topics.bronzeTicks, this.#messages(output)),
      this.#letters.send(this.topics.deadLetters, this.#deadLetters(output)),
    ]);
    if (batch.isStale()) return;
    this.#acknowledge(batch.records, output);
    this.#observe(batch.records, output, started);
  }

  /** There is nothing to keep of a failed transaction, nor of the marks of any. */
  passed(partition: number, offset: number): void {
    this.#owned(partition).passed(offset);
  }

  async revoked(partitions: readonly number[]): Promise<void> {
    await Promise.all(partitions.map((partition) => this.#release(partition)));
  }

  /** Publishes all rows that wait, and goes on. */
  async publish(): Promise<void> {
    await Promise.all([...this.#partitions.values()].map((owned) => owned.flush()));
  }

  async statuses(): Promise<readonly LaneStatus[]> {
    const ranges = await this.context.log.offsetRanges(this.topics.stockTicks);
    return [...this.#partitions].map(([partition, owned]) => owned.status(ranges[partition]?.end ?? 0));
  }

  async close(): Promise<void> {
    await this.#ticks.close();
    await this.#letters.close();
  }

  async #release(partition: number): Promise<void> {
    const owned = this.#partitions.get(partition);
    if (owned === undefined) return;
    this.#partitions.delete(partition);
    await finishBestEffort(`partition ${partition}`, owned.flush(), this.context);
    await owned.close();
  }

  async #open(partition: number, topic: string, failed: LaneFailed): Promise<number> {
    const { log, lake, rules, observer } = this.context;
    const started = performance.now();
    const chain = await lake.open(bronzeEvents, partition);
    const range = (await log.offsetRanges(this.topics.stockTicks))[partition];
    if (range === undefined) throw new Error(`${this.topics.stockTicks} has no partition ${partition}`);
    checkSameLog([chain], topic, range.end);
    if (chain.lastFooter === undefined && chain.end < range.start) await chain.startAt(range.start);
    this.#lastSent.restore(partition, chain.lastFooter?.lanes ?? null);
    const context = laneContext(this.context, partition, failed);
    this.#partitions.set(partition, new BronzePartition(chain, range.end, { rules, topic }, context));
    observer.restored?.(partition, (performance.now() - started) / 1000);
    return chain.end;
  }

  #owned(partition: number): BronzePartition {
    const owned = this.#partitions.get(partition);
    if (owned === undefined)
      throw new Error(
        `${this.topics.stockTicks}/${partition}: a batch arrived for a partition that is not ours`,
      );
    return owned;
  }

  #messages(output: BronzeOutput): OutgoingRecord[] {
    return [...output.lanes].flatMap(([partition, ticks]) =>
      encodeBronzeTicks(ticks, this.#lastSent.ofLane(partition)).map((value) => ({ partition, value })),
    );
  }

  #deadLetters(output: BronzeOutput): OutgoingRecord[] {
    const budget = new LetterBudget();
    return output.refusals.map((refusal) => ({
      partition: refusal.partition % this.topics.lanes,
      ...deadLetter({ layer: 'bronze', topic: this.topics.stockTicks, ...refusal }, budget.bytesFor(refusal)),
    }));
  }

  #acknowledge(records: readonly LogRecord[], output: BronzeOutput): void {
    const last = new Map(records.map((record) => [record.partition, record]));
    for (const [partition, events] of output.events) {
      const record = last.get(partition);
      if (record === undefined) continue;
      this.#owned(partition).acknowledged({
        events,
        next: record.offset + 1,
        recordTimeUs: record.timeMs * 1000,
        lanes: this.#lastSent.toFooter(partition),
        verdicts: output.verdicts.get(partition) ?? new Map<string, number>(),
      });
    }
  }

  #observe(records: readonly LogRecord[], output: BronzeOutput, started: number): void {
    const { observer } = this.context;
    const newest = records.at(-1);
    if (newest === undefined) return;
    observer.batchProcessed?.(newest.partition, (performance.now() - started) / 1000);
    observer.tickEmitted?.((Date.now() - newest.timeMs) / 1000);
    for (const refusal of output.refusals) observer.deadLettered?.(refusal.reason);
  }
}

const toRawRecord = ({
  partition,
  offset,
  timeMs,
  key,
  value,
}: LogRecord): Parameters<typeof decodeEvents>[0][number] => ({
  partition,
  offset,
  timeMs,
  key,
  value,
});
