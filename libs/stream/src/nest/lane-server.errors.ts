/** Two methods want the batches of one topic: offsets can be advanced by one only. */
export class DuplicateHandlerError extends Error {
  override readonly name = 'DuplicateHandlerError';
  constructor(readonly topic: string) {
    super(`Two methods are marked @LaneHandler('${topic}'): remove one`);
  }
}

/** A topic is to be consumed and no method was found for it. */
export class MissingHandlerError extends Error {
  override readonly name = 'MissingHandlerError';
  constructor(readonly topic: string) {
    super(`No method is marked @LaneHandler('${topic}'): add it to a controller of the app's module`);
  }
}

/** A method waits for a topic that the server was not told to consume. */
export class UnknownLaneError extends Error {
  override readonly name = 'UnknownLaneError';
  constructor(readonly topic: string) {
    super(
      `@LaneHandler('${topic}') is marked, but LaneServer has no lanes for it: add '${topic}' to its lanes`,
    );
  }
}
