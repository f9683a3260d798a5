import type { LogRecord, OutgoingRecord } from '@engine/stream/ports';

/** Reads one lane's records: decodes, and lets through only rows that this lane has not seen yet. */
export interface LaneInput<Message> {
  /** null: nothing in it is new. Throws when the record cannot be what the layer before has written, or names a predecessor that was never seen. */
  read(record: LogRecord): Message | null;
}

/** Writes one lane's outputs: encodes, and leaves out what the output lane already holds. */
export interface LaneOutput<Emission> {
  readonly topic: string;
  encode(emitted: readonly Emission[]): readonly OutgoingRecord[];
}
