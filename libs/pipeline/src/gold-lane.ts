import {
  compareCoordinates,
  decodeSilverMessage,
  decodeUpdate,
  encodeUpdate,
  lastCoordinate,
  rowsAbove,
  trimSilver,
} from '@engine/contracts';
import type { Coordinate } from '@engine/contracts';
import { goldLayer } from '@engine/medallion';
import type { GoldSettings, GoldState, GoldUpdate, LaneRecord, SilverMessage } from '@engine/medallion';
import type { LogRecord, OutgoingRecord } from '@engine/stream/ports';

import { goldPast } from './gold-past.js';
import type { LaneInput, LaneOutput } from './lane-io.js';
import type { LaneWiring } from './lane-wiring.js';
import { storedSilverMessage } from './stored-silver-message.js';
import type { StoredStretch } from './silver-history.js';

export interface GoldTopics {
  readonly silverTicks: string;
  readonly goldUpdates: string;
}

/** Gold in its place: reads `silver-ticks`, says on `gold-updates` what its bars and metrics are. */
export function goldWiring(
  topics: GoldTopics,
  settings: GoldSettings,
): LaneWiring<GoldState, SilverMessage, GoldUpdate> {
  return {
    layer: goldLayer(settings),
    inputTopic: topics.silverTicks,
    outputTopic: topics.goldUpdates,
    past: goldPast(topics.silverTicks),
    input: () => new SilverMessageInput(),
    output: (lane, tail) => new GoldUpdateOutput(topics.goldUpdates, lane, tail),
  };
}

class SilverMessageInput implements LaneInput<SilverMessage> {
  #highWater: Coordinate | null = null;
  #trimmedRows = 0;

  get trimmedRows(): number {
    return this.#trimmedRows;
  }

  read(record: LogRecord): SilverMessage | null {
    const { message, prev } = decodeSilverMessage(record.value);
    const trimmed = trimSilver(message, prev, this.#highWater);
    this.#highWater = trimmed.highWater;
    this.#trimmedRows += rowsOf(message) - rowsOf(trimmed.message);
    return trimmed.message;
  }

  recall(stretch: StoredStretch): readonly LaneRecord<SilverMessage>[] {
    const unseen = rowsAbove(storedSilverMessage(stretch), this.#highWater);
    if (unseen === null) return [];
    const last = lastCoordinate(unseen);
    if (last === null) return [];
    this.#highWater = last;
    return [{ offset: last.offset, message: unseen }];
  }

  /** Refused rows, which were never sent, are known as well; and so are rows that other rules had sent and these refuse. */
  recalledTo(end: number): void {
    const last = { offset: end - 1, index: Number.MAX_SAFE_INTEGER };
    this.#highWater = this.#highWater === null ? last : highest(this.#highWater, last);
  }

  recallFrom(): number {
    return this.#highWater?.offset ?? 0;
  }

  get through(): string {
    return JSON.stringify(this.#highWater && [this.#highWater.offset, this.#highWater.index]);
  }

  snapshot(): Coordinate | null {
    return this.#highWater;
  }

  restore(snapshot: unknown): void {
    this.#highWater = snapshot as Coordinate | null;
  }
}

class GoldUpdateOutput implements LaneOutput<GoldUpdate> {
  /** What the lane held when it was taken over: older updates are there, those of this very row perhaps not all. */
  readonly #tail: Coordinate | null;
  #last: Coordinate | null;

  constructor(
    readonly topic: string,
    private readonly lane: number,
    tail: LogRecord | undefined,
  ) {
    this.#tail = tail === undefined ? null : coordinateOf(decodeUpdate(tail.value));
    this.#last = this.#tail;
  }

  get last(): Coordinate | null {
    return this.#last;
  }

  encode(updates: readonly GoldUpdate[]): readonly OutgoingRecord[] {
    const news = updates.filter((update) => this.#isNews(update));
    for (const update of news) this.#last = highest(this.#last, coordinateOf(update));
    return news.map((update) => ({ partition: this.lane, ...encodeUpdate(update) }));
  }

  #isNews(update: GoldUpdate): boolean {
    return this.#tail === null || compareCoordinates(coordinateOf(update), this.#tail) >= 0;
  }
}

const rowsOf = (message: SilverMessage | null): number => (message?.kind === 'ticks' ? message.ticks.n : 0);

const coordinateOf = ({ lane_offset, lane_index }: GoldUpdate): Coordinate => ({
  offset: lane_offset,
  index: lane_index,
});

const highest = (one: Coordinate | null, other: Coordinate): Coordinate =>
  one !== null && compareCoordinates(one, other) >= 0 ? one : other;
