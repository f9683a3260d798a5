import type { TableBatch, TableSchema } from './columns.js';

export type LayerName = 'bronze' | 'silver' | 'gold';

/** One record of a layer's input lane. */
export interface LaneRecord<Message> {
  readonly offset: number;
  readonly message: Message;
}

/** What follows from some records: rows for tables, messages for the next lane, and how many ticks got which verdict. */
export interface LayerOutput<Emission> {
  /** One batch per table that got rows, each in lane order. */
  readonly tables: readonly TableBatch[];
  /** In lane order. */
  readonly emitted: readonly Emission[];
  /** Ticks by verdict: they add up to the ticks in the records. */
  readonly verdicts: ReadonlyMap<string, number>;
}

/**
 * One layer of the medallion over one lane. `apply` is deterministic: no clock, no randomness, no I/O, so that an app, a
 * simulation, a backfill and `verify` run the very same thing, and any split of the lane into batches gives the same rows.
 */
export interface Layer<State, Message, Emission> {
  readonly name: LayerName;
  readonly tables: readonly TableSchema[];
  initial(): State;
  /** Advances `state` by the records, which come in offset order, and says what follows from them. */
  apply(state: State, records: readonly LaneRecord<Message>[]): LayerOutput<Emission>;
  /**
   * A copy of the state as plain data (what `structuredClone` takes: objects, arrays, Maps, typed arrays): nothing that is
   * applied later touches it. `restore(snapshot(state))` goes on exactly as `state` does, bit for bit.
   */
  snapshot(state: State): unknown;
  /** Throws a RangeError when the data is not a snapshot of this layer with these settings. */
  restore(snapshot: unknown): State;
  /** The lane's clock: the highest accepted event time or marker so far, µs since the epoch; null before the first. */
  clockUs(state: State): number | null;
  /** How many symbols the state holds. */
  symbols(state: State): number;
}
