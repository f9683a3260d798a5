import type { TableBatch, TableSchema } from '@engine/medallion';
import type { EventTimeHistoryFacts, GenerationFacts } from './generation-facts.js';
import type { ScannedRows } from './scanned-rows.js';

export { AcceptedTicks } from './accepted-ticks.js';
export { BronzeValues, OrderUnknownError } from './bronze-values.js';
export type { EventTimeHistoryFacts, GenerationFacts } from './generation-facts.js';
export { completeRecords } from './complete-records.js';
export { EventTimeTicks } from './event-time-ticks.js';
export { LaneNames } from './lane-names.js';
export { OriginWalk } from './origin-walk.js';
export type { Origin, OriginSources, OriginVisitor } from './origin-walk.js';
export { LaidTexts } from './laid-texts.js';
export { RecordBuilder } from './record-builder.js';
export { ScannedRows } from './scanned-rows.js';
export { tickColumns } from './tick-columns.js';
export type { TickColumns } from './tick-columns.js';

/** What stands in a segment's Parquet footer (`KV_METADATA`), beside the rows themselves. */
export interface SegmentFooter {
  /** The input offsets [first, next) whose rows the segment holds. */
  readonly first: number;
  readonly next: number;
  readonly rows: number;
  /** Additive content hash, decimal: the sum of a stable hash of every row. */
  readonly content: string;
  readonly schema: string;
  /** Version of the rules and settings that decided the rows. */
  readonly rules: string;
  /** The input topic (and its id) the offsets belong to. */
  readonly topic: string;
  /** The lane's clock at the cut, µs since the epoch; null before the first tick. */
  readonly watermark: number | null;
  /** bronze/events only: JSON, per lane the last coordinate sent there. */
  readonly lanes: string | null;
  /**
   * Gold only: JSON, the [offset, index] in silver's lane of the last row that gold had read at the cut. Its input offsets
   * mean nothing without the log, silver's rows are in the lake for ever.
   */
  readonly through: string | null;
}

/** What the publisher says of a segment; the chain knows the rest. */
export interface SegmentDraft {
  readonly next: number;
  readonly batches: readonly TableBatch[];
  readonly rules: string;
  readonly topic: string;
  readonly watermark: number | null;
  readonly lanes: string | null;
  readonly through: string | null;
}

/** Another owner published at this chain's end first: drop what is buffered, recover, go on. */
export class ChainMovedError extends Error {
  readonly retriable = true;
  override readonly name = 'ChainMovedError';
  constructor(
    readonly table: string,
    readonly lane: number,
    readonly first: number,
  ) {
    super(`${table}/lane=${lane}: a segment that starts at ${first} exists already; another owner was here`);
  }
}

/** One table's chain of segments in one lane, for its owner. Calls must not overlap. */
export abstract class Chain {
  abstract readonly table: TableSchema;
  abstract readonly lane: number;
  /** Where the next segment must start: the `next` of the last one on the walk, else the floor, else 0. */
  abstract readonly end: number;
  abstract readonly lastFooter: SegmentFooter | undefined;
  /** For a lane whose input begins above 0: sets the floor of an empty chain. */
  abstract startAt(offset: number): Promise<void>;
  /** Publishes the rows of the input offsets [end, next), durable and visible at once, or throws `ChainMovedError`. */
  abstract publish(draft: SegmentDraft): Promise<SegmentFooter>;
}

/** What is published of one table in one lane, as it was found when it was asked for. */
export interface StoredChain {
  /** The input offsets [start, end) whose rows are there. */
  readonly start: number;
  readonly end: number;
  /** In the order of the chain. */
  readonly segments: readonly SegmentFooter[];
  /**
   * Rows in the order they are stored, some thousand at a time and never all in memory, from the segment on that has the
   * input offset `from`: rows below it may come first.
   */
  scan(from: number, columns: readonly string[]): AsyncGenerator<ScannedRows, void>;
}

export abstract class ChainStore {
  /** Walks the chain and stands at its end. */
  abstract open(table: TableSchema, lane: number): Promise<Chain>;
  /** Walks the chain for a reader, which need not be its owner. */
  abstract read(table: TableSchema, lane: number): Promise<StoredChain>;
  /** What the generation of a layer was begun with, where it was computed anew. */
  abstract generation(layer: string): Promise<GenerationFacts>;
  /** What bronze accepted for a lane of so many, of the records below some ends by partition, in the order of event time. */
  abstract acceptedByEventTime(
    place: { readonly lane: number; readonly lanes: number },
    ends: EventTimeHistoryFacts['partitionEnds'],
  ): AsyncGenerator<ScannedRows, void>;
}

/** All that a lane needs to go on from an input offset instead of from its log's start. */
export interface Snapshot {
  /** What follows from the records below this input offset is in it. */
  readonly offset: number;
  /** Version of the rules and settings under which it was made. */
  readonly rules: string;
  /** The input topic (and its id) the offset belongs to. */
  readonly topic: string;
  /** The lane was given up right after it: whoever made it sent nothing more. */
  readonly isFinal: boolean;
  /** Plain data: what `structuredClone` takes. */
  readonly body: unknown;
}

/** A snapshot that is not what was written, or cannot be had: an older one does as well. */
export class SnapshotUnreadableError extends Error {
  readonly retriable = false;
  override readonly name = 'SnapshotUnreadableError';
  constructor(
    readonly snapshot: string,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`${snapshot} cannot be read: ${detail}`, options);
  }
}

/** The snapshots of one layer in one lane, for its owner. */
export abstract class LaneSnapshots {
  /** Their offsets, newest first. */
  abstract list(): Promise<readonly number[]>;
  /** Throws `SnapshotUnreadableError`. */
  abstract read(offset: number): Promise<Snapshot>;
  /** Durable once it resolves; takes the place of another one at that offset, if it is not the same. */
  abstract write(snapshot: Snapshot): Promise<void>;
  /**
   * Removes all but the newest three of those at or below `end`, the smallest end of the layer's chains. One above it is of
   * no use before the chains get there: it neither counts nor goes. One that was found unreadable goes without counting.
   */
  abstract prune(end: number): Promise<void>;
}

export abstract class SnapshotStore {
  abstract open(layer: string, lane: number): Promise<LaneSnapshots>;
}
