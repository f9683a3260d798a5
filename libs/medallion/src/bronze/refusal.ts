/** Why a whole message of `stock-ticks` holds no tick, in the order in which they are looked for. */
export const messageRefusals = ['too_large', 'empty', 'not_json', 'not_an_object', 'too_many'] as const;
export type MessageRefusal = (typeof messageRefusals)[number];

/** What a tick is made of, by the names of the refusals. */
export type TickField = 'ticker' | 'price' | 'timestamp' | 'size' | 'side' | 'id' | 'source';

/** Why an object is not a tick, in the order in which they are looked for. */
export const fieldRefusals = [
  'missing_ticker',
  'bad_ticker',
  'missing_price',
  'bad_price',
  'missing_timestamp',
  'bad_timestamp',
  'bad_size',
  'bad_side',
  'bad_id',
  'bad_source',
] as const satisfies readonly `${'missing' | 'bad'}_${TickField}`[];
export type FieldRefusal = (typeof fieldRefusals)[number];

/** Why a row of `bronze/events` has the verdict `invalid`: the first that applies. */
export type RefusalReason = MessageRefusal | FieldRefusal;

export type BronzeVerdict = 'accepted' | 'invalid';

/** A message of `stock-ticks`, or one element of it, that is not a valid tick. */
export interface Refusal {
  readonly partition: number;
  readonly offset: number;
  readonly index: number;
  readonly reason: RefusalReason;
  /** What was found and what to send instead, in words. */
  readonly detail: string;
  /** Where the ticker could be read. */
  readonly symbol: string | null;
  /** The whole message as it came; an element of an array has its siblings in it. */
  readonly value: Uint8Array | null;
}
