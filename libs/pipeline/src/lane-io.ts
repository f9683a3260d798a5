import type { Coordinate } from '@engine/contracts';
import type { LogRecord, OutgoingRecord } from '@engine/stream/ports';

/** Reads one lane's records: decodes, and lets through only rows that this lane has not seen yet. */
export interface LaneInput<Message> {
  /** null: nothing in it is new. Throws when the record cannot be what the layer before has written, or names a predecessor that was never seen. */
  read(record: LogRecord): Message | null;
  /** A copy, as plain data, of what it has seen: it belongs to the state of the lane as much as the layer's own. */
  snapshot(): unknown;
  /** Goes on from a snapshot. */
  restore(snapshot: unknown): void;
}

/** Writes one lane's outputs: encodes, and leaves out what the output lane already holds. */
export interface LaneOutput<Emission> {
  readonly topic: string;
  /** The highest coordinate that the output lane holds, as far as its newest record tells, or that was handed out to be sent. */
  readonly last: Coordinate | null;
  encode(emitted: readonly Emission[]): readonly OutgoingRecord[];
}
