import {
  decodeBronzeMessage,
  decodeSilverMessage,
  encodeSilverMessages,
  lastCoordinate,
  rowsAbove,
  trimBronze,
} from '@engine/contracts';
import type { Coordinate } from '@engine/contracts';
import { RecordBuilder, tickColumns } from '@engine/lake/ports';
import { silverLayer } from '@engine/medallion';
import type {
  BronzeMessage,
  LaneRecord,
  SilverMessage,
  SilverSettings,
  SilverState,
} from '@engine/medallion';
import type { LogRecord, OutgoingRecord } from '@engine/stream/ports';

import type { LaneInput, LaneOutput } from './lane-io.js';
import type { LaneWiring } from './lane-wiring.js';
import type { StoredStretch } from './silver-history.js';
import { silverPast } from './silver-past.js';

export interface SilverTopics {
  readonly bronzeTicks: string;
  readonly silverTicks: string;
}

/** Silver in its place: reads `bronze-ticks`, says on `silver-ticks` what it accepted. */
export function silverWiring(
  topics: SilverTopics,
  settings: SilverSettings,
): LaneWiring<SilverState, BronzeMessage, SilverMessage> {
  return {
    layer: silverLayer(settings),
    inputTopic: topics.bronzeTicks,
    outputTopic: topics.silverTicks,
    past: silverPast,
    input: () => new BronzeMessageInput(),
    output: (lane, tail) => new SilverMessageOutput(topics.silverTicks, lane, tail),
  };
}

class BronzeMessageInput implements LaneInput<BronzeMessage> {
  /** The offset of the input says it. */
  readonly through = null;
  #highWater = new Map<number, Coordinate>();
  #trimmedRows = 0;

  get trimmedRows(): number {
    return this.#trimmedRows;
  }

  read(record: LogRecord): BronzeMessage {
    const { message, prev } = decodeBronzeMessage(record.value);
    if (message.kind === 'marker') return message;
    const ticks = trimBronze(message.ticks, prev, this.#highWater);
    this.#trimmedRows += message.ticks.n - ticks.n;
    return { kind: 'ticks', ticks };
  }

  recall(stretch: StoredStretch): readonly LaneRecord<BronzeMessage>[] {
    if (stretch.kind === 'marker')
      return [{ offset: stretch.laneOffset, message: { kind: 'marker', markerUs: stretch.markerUs } }];
    const { rows } = stretch;
    const ticks = tickColumns(rows, 'origin_offset', 'origin_index');
    const laneOffsets = rows.numbers('lane_offset');
    const partitions = rows.numbers('origin_partition');
    const records = new RecordBuilder();
    for (let row = 0; row < rows.rows; row++) {
      records.push(laneOffsets[row]!, partitions[row]!, ticks, row);
      this.#saw(partitions[row]!, ticks.originOffset[row]!, ticks.originIndex[row]!);
    }
    return records.take();
  }

  /** By the rows of `stock-ticks` it knows what is news. */
  recalledTo(): void {
    // Nothing to add.
  }

  recallFrom(position: number): number {
    return position;
  }

  snapshot(): ReadonlyMap<number, Coordinate> {
    return new Map(this.#highWater);
  }

  restore(snapshot: unknown): void {
    this.#highWater = new Map(snapshot as ReturnType<BronzeMessageInput['snapshot']>);
  }

  /** A history by event time goes to and fro in a partition. */
  #saw(partition: number, offset: number, index: number): void {
    const seen = this.#highWater.get(partition);
    if (seen !== undefined && (offset < seen.offset || (offset === seen.offset && index <= seen.index)))
      return;
    this.#highWater.set(partition, { offset, index });
  }
}

class SilverMessageOutput implements LaneOutput<SilverMessage> {
  #last: Coordinate | null;

  constructor(
    readonly topic: string,
    private readonly lane: number,
    tail: LogRecord | undefined,
  ) {
    this.#last = tail === undefined ? null : lastCoordinate(decodeSilverMessage(tail.value).message);
  }

  get last(): Coordinate | null {
    return this.#last;
  }

  encode(emitted: readonly SilverMessage[]): readonly OutgoingRecord[] {
    const news = emitted.flatMap((message) => rowsAbove(message, this.#last) ?? []);
    const { values, last } = encodeSilverMessages(news, this.#last);
    this.#last = last;
    return values.map((value) => ({ partition: this.lane, value }));
  }
}
