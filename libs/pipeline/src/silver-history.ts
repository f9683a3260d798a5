import { completeRecords } from '@engine/lake/ports';
import type { ChainStore, ScannedRows, SegmentFooter, StoredChain } from '@engine/lake/ports';
import { silverMarkers, silverTicks } from '@engine/medallion';

/** A part of silver's lane as the lake keeps it: the rows of whole records, in their order, or one time marker. */
export type StoredStretch =
  | { readonly kind: 'ticks'; readonly rows: ScannedRows }
  | { readonly kind: 'marker'; readonly laneOffset: number; readonly markerUs: number };

/** The records of silver's lane in the order in which they are to be decided. */
export interface LaneHistory {
  /** Every record in [start, end) of the lane is known. */
  readonly start: number;
  readonly end: number;
  /** The first stretch from the lane offset `from` on that must not be decided again under `rules`: others have decided it. */
  decidedByOthers(from: number, rules: string): SegmentFooter | undefined;
  /** The records from the lane offset `from` on. */
  stretches(from: number): AsyncGenerator<StoredStretch, void>;
}

/** So many rows at a time go through a layer. */
const BLOCK_ROWS = 2048;

/**
 * The records of silver's lane in the order they were decided: silver/ticks and silver/markers. All that came after is a
 * function of them, and they outlive the log.
 */
export class SilverHistory implements LaneHistory {
  private constructor(
    private readonly ticks: StoredChain,
    private readonly markers: StoredChain,
    readonly end: number,
    private readonly columns: readonly string[],
  ) {}

  /** `columns`: those of silver/ticks that are wanted. */
  static async open(
    lake: Pick<ChainStore, 'read'>,
    lane: number,
    columns: readonly string[] = Object.keys(silverTicks.columns),
  ): Promise<SilverHistory> {
    const ticks = await lake.read(silverTicks, lane);
    const markers = await lake.read(silverMarkers, lane);
    return new SilverHistory(ticks, markers, await knownEnd(ticks, markers), columns);
  }

  get start(): number {
    return Math.max(this.ticks.start, this.markers.start);
  }

  decidedByOthers(from: number, rules: string): SegmentFooter | undefined {
    return this.ticks.segments.find((footer) => footer.next > from && footer.rules !== rules);
  }

  async *stretches(from: number): AsyncGenerator<StoredStretch, void> {
    const markers = storedMarkers(this.markers, from);
    let marker = await markers.next();
    try {
      const ticks = this.ticks.scan(from, this.columns);
      for await (const rows of completeRecords(ticks, 'lane_offset', BLOCK_ROWS)) {
        const to = rowAt(rows, this.end);
        let at = rowAt(rows, from);
        while (marker.done !== true && rowAt(rows, marker.value.laneOffset) < to) {
          const cut = rowAt(rows, marker.value.laneOffset);
          if (cut > at) yield { kind: 'ticks', rows: rows.slice(at, cut) };
          yield marker.value;
          at = Math.max(at, cut);
          marker = await markers.next();
        }
        if (to > at) yield { kind: 'ticks', rows: rows.slice(at, to) };
      }
      for (; marker.done !== true && marker.value.laneOffset < this.end; marker = await markers.next())
        yield marker.value;
    } finally {
      await markers.return();
    }
  }
}

/**
 * Where knowledge ends. Ticks and markers are two chains: beyond the shorter one, an offset without a row in the longer may
 * be a record of the other kind that is not published yet.
 */
async function knownEnd(ticks: StoredChain, markers: StoredChain): Promise<number> {
  let end = Math.min(ticks.end, markers.end);
  const longer = ticks.end > markers.end ? ticks : markers;
  for await (const rows of longer.scan(end, ['lane_offset']))
    for (const offset of rows.numbers('lane_offset')) {
      if (offset > end) return end;
      if (offset === end) end = offset + 1;
    }
  return end;
}

async function* storedMarkers(
  markers: StoredChain,
  from: number,
): AsyncGenerator<Extract<StoredStretch, { kind: 'marker' }>, void> {
  for await (const rows of markers.scan(from, Object.keys(silverMarkers.columns))) {
    const offsets = rows.numbers('lane_offset');
    const times = rows.numbers('marker');
    for (let row = 0; row < rows.rows; row++)
      if (offsets[row]! >= from) yield { kind: 'marker', laneOffset: offsets[row]!, markerUs: times[row]! };
  }
}

/** The first row at or above a lane offset, by which the rows are sorted; behind the last one where there is none. */
function rowAt(rows: ScannedRows, laneOffset: number): number {
  const offsets = rows.numbers('lane_offset');
  let low = 0;
  let high = rows.rows;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (offsets[middle]! < laneOffset) low = middle + 1;
    else high = middle;
  }
  return low;
}
