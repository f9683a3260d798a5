import { completeRecords } from '@engine/lake/ports';
import type { ScannedRows } from '@engine/lake/ports';

import type { LaneHistory, StoredStretch } from '../silver-history.js';

/** A new order for the ticks of a lane, and what lane offsets there are for it. */
export interface EventTimeOrder {
  /** How many ticks there are. */
  readonly ticks: number;
  /** By event time. */
  readonly scan: () => AsyncGenerator<ScannedRows, void>;
  /** The latest time marker that the lane has seen, µs; null: none. */
  readonly lastMarkerUs: number | null;
  /** The history takes the lane offsets below this one, however many of them it uses. */
  readonly end: number;
}

/** So many ticks are a record, unless there are too few offsets for that. */
const RECORD_TICKS = 2048;

/**
 * A lane's history made anew: all that bronze accepted, by event time, and then the last marker, which closes what it had
 * closed. The markers before it say nothing that the ticks do not: a tick moves the lane's clock as well.
 *
 * The offsets are those of records that the lane has in the log already. They mean something else there; so the log is not to
 * be used below `end`, and goes on from there.
 */
export class EventTimeHistory implements LaneHistory {
  readonly start = 0;

  constructor(private readonly order: EventTimeOrder) {}

  get end(): number {
    return this.order.end;
  }

  /** Nobody has decided it yet. */
  decidedByOthers(): undefined {
    return undefined;
  }

  async *stretches(from: number): AsyncGenerator<StoredStretch, void> {
    const { lastMarkerUs } = this.order;
    const size = this.#recordTicks();
    let next = 0;
    let latestUs = -Infinity;
    for await (const rows of completeRecords(this.#placed(size), 'lane_offset', RECORD_TICKS)) {
      const offsets = rows.numbers('lane_offset');
      next = offsets.at(-1)! + 1;
      latestUs = rows.numbers('event_time').at(-1)!;
      const known = offsets.findIndex((offset) => offset >= from);
      if (known >= 0) yield { kind: 'ticks', rows: rows.slice(known, rows.rows) };
    }
    if (lastMarkerUs !== null && lastMarkerUs > latestUs)
      yield { kind: 'marker', laneOffset: next, markerUs: lastMarkerUs };
  }

  async *#placed(size: number): AsyncGenerator<ScannedRows, void> {
    let before = 0;
    for await (const rows of this.order.scan()) {
      yield placedFrom(rows, before, size);
      before += rows.rows;
    }
  }

  #recordTicks(): number {
    const { ticks, end, lastMarkerUs } = this.order;
    const offsets = end - (lastMarkerUs === null ? 0 : 1);
    return Math.max(RECORD_TICKS, Math.ceil(ticks / Math.max(1, offsets)));
  }
}

/** Rows with the lane's coordinates; `before`: how many came before them. */
function placedFrom(rows: ScannedRows, before: number, size: number): ScannedRows {
  const offsets = Float64Array.from({ length: rows.rows }, (_, row) => Math.floor((before + row) / size));
  const indexes = Float64Array.from({ length: rows.rows }, (_, row) => (before + row) % size);
  return rows.with(
    new Map([
      ['lane_offset', offsets],
      ['lane_index', indexes],
    ]),
  );
}
