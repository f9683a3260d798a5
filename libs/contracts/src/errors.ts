import { showCoordinate } from './coordinate.js';
import type { Coordinate } from './coordinate.js';
import { show } from './show.js';

/** A message that the layer before cannot have meant. Reading it again gives the same, so the lane stops. */
export abstract class WireError extends Error {
  readonly retriable = false;
  override get name(): string {
    return this.constructor.name;
  }
}

/** Written by another version of the engine. Skipping it would lose rows. */
export class UnknownVersionError extends WireError {
  constructor(readonly version: unknown) {
    super(
      `A message has version ${show(version)}, this engine reads version 1. ` +
        'Run the version that wrote it, or upgrade this one.',
    );
  }
}

/** Not what the engine writes: the text names the field and what was found in it. */
export class MalformedMessageError extends WireError {}

/** The row before this message's first never arrived: going on would lose it for good. */
export class GapError extends WireError {
  constructor(
    /** Of `stock-ticks`, or null where the chain is the lane's own. */
    readonly partition: number | null,
    readonly wanted: Coordinate,
    readonly highWater: Coordinate | null,
  ) {
    const chain = partition === null ? 'this lane' : `partition ${partition} of stock-ticks`;
    super(
      `Rows of ${chain} are missing: the message follows row ${showCoordinate(wanted)}, ` +
        `the last one seen here is ${showCoordinate(highWater)}.`,
    );
  }
}
