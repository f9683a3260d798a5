/** What bronze must make of one element of a record. */
export type Expected = Accepted | Refused;

export interface Accepted {
  readonly reason: null;
  readonly symbol: string;
  /** µs since the epoch. */
  readonly t: number;
  readonly price: number;
  readonly size: number | null;
  readonly side: string | null;
  /** null: none was given. */
  readonly id: string | null;
  readonly source: string;
}

export interface Refused {
  readonly reason: string;
}

/** A record's value and what must become of it, element by element. */
export interface InputRecord {
  readonly value: Buffer;
  readonly expected: readonly Expected[];
}

export function record(value: string | Buffer, ...expected: Expected[]): InputRecord {
  return { value: Buffer.from(value), expected };
}

export function refused(reason: string): Refused {
  return { reason };
}

/** An accepted tick; what is not given is what a message without it means. */
export function accepted(given: Partial<Accepted> & Pick<Accepted, 'symbol' | 't' | 'price'>): Accepted {
  return { reason: null, size: null, side: null, id: null, source: 'unknown', ...given };
}
