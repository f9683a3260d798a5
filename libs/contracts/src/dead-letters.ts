/** A longer original is cut to this many bytes: 64 KiB. */
export const MAX_DEAD_LETTER_BYTES = 65_536;

/** Something that a layer refused, and where it came from. */
export interface Refused {
  readonly layer: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly index: number;
  readonly reason: string;
  readonly detail: string;
  readonly symbol: string | null;
  readonly value: Uint8Array | null;
}

/** A message on `dead-letters`; with `truncated` its value is only the beginning of the original. */
export interface DeadLetter {
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** `maxBytes`: as much of the original as may be carried. */
export function deadLetter(refused: Refused, maxBytes = MAX_DEAD_LETTER_BYTES): DeadLetter {
  const { layer, topic, partition, offset, index, reason, detail, symbol, value } = refused;
  const truncated = value !== null && value.length > maxBytes;
  return {
    key: symbol,
    value: value === null ? null : Buffer.from(value.subarray(0, maxBytes)),
    headers: {
      reason,
      layer,
      topic,
      partition: String(partition),
      offset: String(offset),
      index: String(index),
      detail,
      ...(truncated ? { truncated: 'true' } : {}),
    },
  };
}
