import type { OffsetRange } from '@engine/stream/ports';

/** The records that a lane must process again are not in the log any more. */
export class LaneHistoryLostError extends Error {
  readonly retriable = false;
  readonly exitCode = 78;
  override readonly name = 'LaneHistoryLostError';
  constructor(
    readonly topic: string,
    readonly lane: number,
    readonly wanted: number,
    readonly available: OffsetRange,
  ) {
    super(
      `${topic}/${lane}: the lane would have to be processed from offset ${wanted} on, as no newer snapshot of it can be used, ` +
        `but the log holds only [${available.start}, ${available.end}). ` +
        "Bring the lake's _state folder or the log's older records back.",
    );
  }
}

/** A lane was last run under other rules or settings, and cannot be continued under those of now. */
export class RulesChangedError extends Error {
  readonly retriable = false;
  readonly exitCode = 78;
  override readonly name = 'RulesChangedError';
  constructor(
    where: string,
    /** The version that ran last. */
    readonly before: string,
    readonly now: string,
    detail: string,
  ) {
    super(`${where} was last run under the rules ${before}, and cannot go on under ${now}: ${detail}`);
  }
}
