import type { OffsetRange } from '@engine/stream/ports';

/** What a lane wanted of its input topic, and what is left there. */
export interface MissingInput {
  readonly topic: string;
  readonly lane: number;
  /** The offset from which it would have had to go on. */
  readonly wanted: number;
  readonly available: OffsetRange;
}

/** The records that a lane must process again are neither in the log nor in the lake. */
export class LaneHistoryLostError extends Error implements MissingInput {
  readonly retriable = false;
  readonly exitCode = 78;
  override readonly name = 'LaneHistoryLostError';
  readonly topic: string;
  readonly lane: number;
  readonly wanted: number;
  readonly available: OffsetRange;

  /** `lake`: the offsets of silver's lane of which the lake has every record. */
  constructor(missing: MissingInput, lake: { readonly start: number; readonly end: number }) {
    const { topic, lane, wanted, available } = missing;
    super(
      `${topic}/${lane}: the lane would have to go on from offset ${wanted}, as no newer snapshot of it can be used, ` +
        `but the log holds only [${available.start}, ${available.end}), and the lake (silver/ticks, silver/markers) ` +
        `only the offsets [${lake.start}, ${lake.end}) of silver's lane: what lies between is nowhere. ` +
        "Bring the lake's _state folder or the log's older records back. Where silver had not published all it had sent " +
        'on, let it run first. Else begin anew with another DATA_DIR.',
    );
    ({ topic: this.topic, lane: this.lane, wanted: this.wanted, available: this.available } = missing);
  }
}

/** Rows that were decided again from the lake are not what is stored there: nothing that followed could be trusted. */
export class HistoryDiffersError extends Error {
  readonly retriable = false;
  readonly exitCode = 78;
  override readonly name = 'HistoryDiffersError';
  constructor(where: string, stored: string, again: string) {
    super(
      `${where}: stored as ${stored}, decided again it is ${again}. The lane cannot be rebuilt from the lake: ` +
        "bring the lake's _state folder back, and see what `engine verify` says.",
    );
  }
}

/** A chain of gold does not say up to which row of silver it goes. */
export class UnplacedChainError extends Error {
  readonly retriable = false;
  readonly exitCode = 78;
  override readonly name = 'UnplacedChainError';
  constructor(where: string, reason: string) {
    super(
      `${where} does not say up to which row of silver it goes: ${reason}. Bring its newest segment back from a backup, ` +
        'or run `engine lake archive` to move the lake aside and begin a new one.',
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
