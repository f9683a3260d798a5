import type { List } from './list.js';

/** A record that bronze could not use (`reason` from decoding) or a tick that silver refused (`reason` is its verdict). */
export interface RefusedRow {
  readonly layer: 'bronze' | 'silver';
  readonly reason: string;
  /** When the log took the record. */
  readonly recordTime: string | null;
  /** Where it stands in `stock-ticks`. */
  readonly partition: number;
  readonly offset: number;
  readonly index: number;
  /** Silver's alone: what was refused. */
  readonly symbol: string | null;
  readonly eventTime: string | null;
  readonly price: number | null;
  /**
   * The message's value, its first 4,096 characters; `base64:` before what is not UTF-8. It came from outside: show it as
   * text. null: a tombstone.
   */
  readonly raw: string | null;
  /** Characters of the whole. */
  readonly rawLength: number | null;
}

export interface QuarantineCount {
  readonly layer: 'bronze' | 'silver';
  readonly reason: string;
  readonly rows: number;
}

/** `GET /api/quarantine`: what was refused, newest first, and how much of it there is in all, whatever the filter. */
export interface Quarantine extends List<RefusedRow> {
  readonly counts: readonly QuarantineCount[];
}
