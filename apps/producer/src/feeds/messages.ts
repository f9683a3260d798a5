/** Turns a file's lines into the values of messages for `stock-ticks`, one per row, in order; blank lines are no rows. */
export interface MessageReader {
  /** The messages that this line completes. A line comes without its line feed, with its carriage return. */
  push(line: Buffer): readonly Buffer[];
  /** The messages that were waiting for more. */
  end(): readonly Buffer[];
}
