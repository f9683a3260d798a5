import type { Coordinate } from '@engine/contracts';
import type { Chain } from '@engine/lake/ports';
import type { LaneRecord, TableBatch } from '@engine/medallion';
import type { Log, LogRecord, OutgoingRecord } from '@engine/stream/ports';

import type { StoredStretch } from './silver-history.js';

/** Reads one lane's records: decodes, and lets through only rows that this lane has not seen yet. */
export interface LaneInput<Message> {
  /** null: nothing in it is new. Throws when the record cannot be what the layer before has written, or names a predecessor that was never seen. */
  read(record: LogRecord): Message | null;
  /** Rows that were read and left out by now. */
  readonly trimmedRows: number;
  /** The same of what the lake keeps of silver's lane. The records' offsets are those of silver's lane. */
  recall(stretch: StoredStretch): readonly LaneRecord<Message>[];
  /** All below an offset of silver's lane was recalled: nothing of it is news, and whatever follows it was not missed. */
  recalledTo(end: number): void;
  /** The offset of silver's lane from which the lake would have to go on, `position` being that of this lane. */
  recallFrom(position: number): number;
  /** For the footers of segments: up to which row of silver's lane it has read, where the input offset does not tell. */
  readonly through: string | null;
  /** A copy, as plain data, of what it has seen: it belongs to the state of the lane as much as the layer's own. */
  snapshot(): unknown;
  /** Goes on from a snapshot. */
  restore(snapshot: unknown): void;
}

/** How a layer's input and its tables stand to silver's lane, which the lake keeps. */
export interface LanePast<Message> {
  /** Whether the layer's input offsets are silver's own. */
  readonly hasSilverOffsets: boolean;
  /** The last row of silver's lane up to which the chain holds all that follows; null: it holds nothing. */
  storedTo(chain: Chain): Coordinate | null;
  /** What of a record lies at or below a row of silver's lane, and what above it. */
  split(
    record: LaneRecord<Message>,
    mark: Coordinate,
  ): { readonly upTo: LaneRecord<Message> | null; readonly above: LaneRecord<Message> | null };
  /**
   * The input offset at which a lane goes on that knows silver's lane up to the offset `end`: all that comes above is there
   * in the log. Throws `LaneHistoryLostError` when the log begins later.
   */
  resumeAt(log: Pick<Log, 'offsetRanges' | 'read'>, lane: number, end: number): Promise<number>;
  /** Throws when rows that were decided again are not what is stored. */
  checkRecalled?(stretch: StoredStretch, tables: readonly TableBatch[], lane: number): void;
}

/** Writes one lane's outputs: encodes, and leaves out what the output lane already holds. */
export interface LaneOutput<Emission> {
  readonly topic: string;
  /** The highest coordinate that the output lane holds, as far as its newest record tells, or that was handed out to be sent. */
  readonly last: Coordinate | null;
  encode(emitted: readonly Emission[]): readonly OutgoingRecord[];
}
