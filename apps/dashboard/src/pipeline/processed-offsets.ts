import type { DashboardConfig } from '@engine/config';
import { decodeBronzeMessage, decodeSilverMessage, lastCoordinate, topicNames } from '@engine/contracts';
import type { TopicNames } from '@engine/contracts';
import type { Layer } from '@engine/contracts/api';
import { Log } from '@engine/stream';
import type { LogRecord } from '@engine/stream';
import { Inject, Injectable } from '@nestjs/common';
import { DASHBOARD_CONFIG } from '../dashboard-config.token.js';
import { ObservedFlow } from './observed-flow.js';

type Offsets = ReadonlyMap<number, number>;

/**
 * How far each layer is by what it has sent on: earlier than the lake, where rows arrive segment by segment. What a layer
 * sends nothing on for (refused rows, markers) is known from the lake alone.
 */
@Injectable()
export class ProcessedOffsets {
  readonly #topics: TopicNames;

  constructor(
    private readonly log: Log,
    private readonly flow: ObservedFlow,
    @Inject(DASHBOARD_CONFIG) config: DashboardConfig,
  ) {
    this.#topics = topicNames(config.topicPrefix);
  }

  /** By lane of the layer's input: what follows from the records below it is in the layer's output. */
  async of(layer: Layer): Promise<Offsets> {
    if (layer === 'gold') return this.flow.goldProcessed;
    const topic = layer === 'bronze' ? this.#topics.bronzeTicks : this.#topics.silverTicks;
    const newest = await this.#newestRecords(topic);
    return layer === 'bronze' ? this.#originsIn(newest) : laneOffsetsIn(newest);
  }

  /** The last record of every lane that has one. */
  async #newestRecords(topic: string): Promise<readonly LogRecord[]> {
    if ((await this.log.describeTopic(topic)) === undefined) return [];
    const ranges = await this.log.offsetRanges(topic);
    const records = ranges.map(async ({ start, end }, lane) =>
      end === start ? [] : this.log.read(topic, lane, end - 1, { maxRecords: 1, maxBytes: 1 }),
    );
    return (await Promise.all(records)).flat();
  }

  /** Bronze sends in the order of each partition, so the highest origin anywhere is how far it is. */
  #originsIn(records: readonly LogRecord[]): Offsets {
    const offsets = new Map<number, number>();
    for (const record of records) {
      const message = readable(() => decodeBronzeMessage(record.value).message);
      if (message?.kind !== 'ticks') continue;
      const { n, originPartition, originOffset, recordTimeUs } = message.ticks;
      this.flow.sawBronze(record, recordTimeUs);
      for (let row = 0; row < n; row++) {
        const partition = originPartition[row]!;
        offsets.set(partition, Math.max(originOffset[row]! + 1, offsets.get(partition) ?? 0));
      }
    }
    return offsets;
  }
}

function laneOffsetsIn(records: readonly LogRecord[]): Offsets {
  const offsets = new Map<number, number>();
  for (const { partition, value } of records) {
    const message = readable(() => decodeSilverMessage(value).message);
    const last = message && lastCoordinate(message);
    if (last) offsets.set(partition, last.offset + 1);
  }
  return offsets;
}

/** A message that cannot be read stops the layer that has to act on it; here it tells nothing. */
function readable<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}
