/** The most rows of one message. */
export const MAX_MESSAGE_ROWS = 4_000;
/** A message of more bytes is cut in two: Kafka refuses 1 MiB, headers and batch included. */
export const MAX_MESSAGE_JSON_BYTES = 700_000;

export interface Cutting {
  /** The rows [from, to) as a message. */
  encode(from: number, to: number): string;
  /** Those rows go out: the next message follows them. */
  sent(from: number, to: number): void;
}

/** Cuts `rows` rows into messages within both bounds. A single row is never cut, however long its texts. */
export function cutMessages(rows: number, cutting: Cutting): string[] {
  const values: string[] = [];
  const add = (from: number, to: number): void => {
    const value = cutting.encode(from, to);
    if (to - from > 1 && Buffer.byteLength(value) > MAX_MESSAGE_JSON_BYTES) {
      const middle = (from + to) >>> 1;
      add(from, middle);
      add(middle, to);
      return;
    }
    values.push(value);
    cutting.sent(from, to);
  };
  for (let from = 0; from < rows; from += MAX_MESSAGE_ROWS)
    add(from, Math.min(rows, from + MAX_MESSAGE_ROWS));
  return values;
}
