import type { OffsetRange } from '../ports.js';
import { OffsetOutOfRangeError } from '../ports.js';
import { errorType, unreadableCompression, UnreadableCompressionError } from './kafka-error.js';
import { readCommitted } from './kafkajs-internals.js';
import type { Cluster, FetchedPartition } from './kafkajs-internals.js';
import { toStretch } from './stretch.js';
import type { FetchPosition, Stretch } from './stretch.js';

export interface FetchLimits {
  /** Per partition; a batch of records that is larger comes whole, unless another partition's records came before it. */
  readonly maxBytes: number;
  /** How long the broker may wait while there is nothing. */
  readonly maxWaitMs: number;
}

/** Reads one topic, over one cluster's connections. Throws kafkajs's errors. */
export class TopicReader {
  private constructor(
    private readonly cluster: Cluster,
    private readonly topic: string,
  ) {}

  static async open(cluster: Cluster, topic: string): Promise<TopicReader> {
    await cluster.addTargetTopic(topic);
    return new TopicReader(cluster, topic);
  }

  /** In the order of the positions. Throws `OffsetOutOfRangeError`, where kafkajs's own consumer would go on elsewhere. */
  async fetch(positions: readonly FetchPosition[], limits: FetchLimits): Promise<readonly Stretch[]> {
    try {
      return await this.#fetch(positions, limits);
    } catch (error) {
      if (unreadableCompression(error) !== undefined) throw await this.#unreadable(positions, error);
      if (errorType(error) !== 'OFFSET_OUT_OF_RANGE') throw error;
      throw await this.#outOfRange(positions, error);
    }
  }

  /** Offsets [start, end) of partitions 0 to `partitions` - 1. */
  async ranges(partitions: number): Promise<readonly OffsetRange[]> {
    // The start first: it never lies beyond an end that was asked for later.
    const starts = await this.#offsets(partitions, true);
    const ends = await this.#offsets(partitions, false);
    return starts.map((start, partition) => ({ start, end: ends[partition]! }));
  }

  async #fetch(positions: readonly FetchPosition[], limits: FetchLimits): Promise<readonly Stretch[]> {
    const requests = this.#byLeader(positions).map(([nodeId, led]) => this.#fetchFrom(nodeId, led, limits));
    const fetched = (await Promise.all(requests)).flat();
    return positions.map((position) => {
      const found = fetched.find(({ partition }) => partition === position.partition);
      return toStretch(position, found);
    });
  }

  async #offsets(count: number, fromBeginning: boolean): Promise<readonly number[]> {
    const { cluster, topic } = this;
    const partitions = Array.from({ length: count }, (_, partition) => ({ partition }));
    const [found] = await cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning }]);
    return partitions.map(({ partition }) => {
      const offset = found?.partitions.find((each) => each.partition === partition)?.offset;
      if (offset === undefined) throw noLeader(topic, partition);
      return Number(offset);
    });
  }

  #byLeader(positions: readonly FetchPosition[]): [string, readonly FetchPosition[]][] {
    const wanted = positions.map(({ partition }) => partition);
    const leaders = Object.entries(this.cluster.findLeaderForPartitions(this.topic, wanted));
    for (const partition of wanted)
      if (!leaders.some(([nodeId, led]) => nodeId !== '-1' && led.includes(partition)))
        throw noLeader(this.topic, partition);
    return leaders.map(([nodeId, led]) => [
      nodeId,
      positions.filter(({ partition }) => led.includes(partition)),
    ]);
  }

  async #fetchFrom(
    nodeId: string,
    positions: readonly FetchPosition[],
    { maxBytes, maxWaitMs }: FetchLimits,
  ): Promise<readonly FetchedPartition[]> {
    const broker = await this.cluster.findBroker({ nodeId });
    const partitions = positions.map(({ partition, from }) => ({
      partition,
      fetchOffset: `${from}`,
      maxBytes,
    }));
    const { responses } = await broker.fetch({
      isolationLevel: readCommitted,
      maxWaitTime: maxWaitMs,
      minBytes: maxWaitMs > 0 ? 1 : 0,
      maxBytes: Math.min(maxBytes * partitions.length, 2 ** 31 - 1),
      topics: [{ topic: this.topic, partitions }],
    });
    return responses.flatMap((response) => response.partitions);
  }

  /** The broker does not say which partition it was, nor what it holds. */
  async #outOfRange(positions: readonly FetchPosition[], error: unknown): Promise<unknown> {
    const count = Math.max(...positions.map(({ partition }) => partition)) + 1;
    const ranges = await this.ranges(count);
    for (const { partition, from } of positions) {
      const range = ranges[partition]!;
      if (from < range.start || from > range.end)
        return new OffsetOutOfRangeError(this.topic, partition, from, range);
    }
    return error;
  }

  /** kafkajs does not say where it was. A fetch of one byte brings one batch of records, so that they can be tried singly. */
  async #unreadable(positions: readonly FetchPosition[], error: unknown): Promise<unknown> {
    for (const { partition, from } of positions) {
      for (let [at, next] = [-1, from]; next > at;) {
        at = next;
        try {
          next = (await this.#fetch([{ partition, from: at }], { maxBytes: 1, maxWaitMs: 0 }))[0]!.next;
        } catch (cause) {
          const codec = unreadableCompression(cause);
          return codec ? new UnreadableCompressionError(this.topic, partition, at, codec) : cause;
        }
      }
    }
    return error;
  }
}

/** In the midst of an election, or while the broker that had it is away. */
function noLeader(topic: string, partition: number): Error {
  return Object.assign(new Error(`${topic}/${partition} has no leader at present`), { retriable: true });
}
