import {
  decodeBronzeMessage,
  decodeSilverMessage,
  encodeSilverMessages,
  lastCoordinate,
  rowsAbove,
  trimBronze,
} from '@engine/contracts';
import type { Coordinate } from '@engine/contracts';
import { silverLayer } from '@engine/medallion';
import type { BronzeMessage, SilverMessage, SilverSettings, SilverState } from '@engine/medallion';
import type { LogRecord, OutgoingRecord } from '@engine/stream/ports';

import type { LaneInput, LaneOutput } from './lane-io.js';
import type { LaneWiring } from './lane-runner.js';

interface SilverTopics {
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
    input: () => new BronzeMessageInput(),
    output: (lane, tail) => new SilverMessageOutput(topics.silverTicks, lane, tail),
  };
}

class BronzeMessageInput implements LaneInput<BronzeMessage> {
  #highWater = new Map<number, Coordinate>();

  read(record: LogRecord): BronzeMessage {
    const { message, prev } = decodeBronzeMessage(record.value);
    if (message.kind === 'marker') return message;
    return { kind: 'ticks', ticks: trimBronze(message.ticks, prev, this.#highWater) };
  }

  snapshot(): ReadonlyMap<number, Coordinate> {
    return new Map(this.#highWater);
  }

  restore(snapshot: unknown): void {
    this.#highWater = new Map(snapshot as ReturnType<BronzeMessageInput['snapshot']>);
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
