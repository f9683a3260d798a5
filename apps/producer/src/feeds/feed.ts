/** One message of a feed, ready to be sent. */
export interface FeedRow {
  /** 0 for the feed's first row, then 1, 2, ...: blank lines are no rows. */
  readonly row: number;
  /** The symbol of a valid single tick, else the row's number. */
  readonly key: string;
  readonly value: Buffer;
  /** Of a valid single tick; µs since the epoch. */
  readonly eventTimeUs: number | null;
}

/** What an earlier run of the same feed has left in the log. */
export interface SentRows {
  /** -1: none. */
  readonly newestRow: number;
  has(key: string, row: number): boolean;
}

/** A source of rows that gives the same rows under the same name, whenever it is asked. */
export interface Feed {
  readonly kind: 'synthetic' | 'file';
  /** The header `feed` of its records: kind and what its rows are made of. */
  readonly name: string;
  /**
   * The rows in order. Up to `sent.newestRow` they come at once, and those that `sent` has may be left out; the others
   * come at the feed's own pace. Ends with the feed, or soon after the signal.
   */
  batches(sent: SentRows, signal: AbortSignal): AsyncIterable<readonly FeedRow[]>;
}
