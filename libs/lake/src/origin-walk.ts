import type { AcceptedTicks } from './accepted-ticks.js';
import type { EventTimeTicks } from './event-time-ticks.js';
import type { ScannedRows } from './scanned-rows.js';
import type { TickColumns } from './tick-columns.js';

/** A row of a partition of `stock-ticks`. */
export interface Origin {
  readonly offset: number;
  readonly index: number;
}

/** Who is told what bronze has for the rows of silver. */
export interface OriginVisitor {
  /** The row of silver/ticks at `row` is bronze's row at `at` of `from`. */
  found(row: number, partition: number, from: TickColumns, at: number): void;
  /** Bronze has no such row, or not in this place. */
  absent(row: number, partition: number, origin: Origin, source: AcceptedTicks): void;
  /** Bronze has a row for the lane that silver has not, though it has later ones. */
  skipped(partition: number, origin: Origin): void;
}

export interface OriginSources {
  /** What bronze accepted from a partition for the lane, without what is in the order of event time. */
  of(partition: number): AcceptedTicks;
  /** What is in the order of event time: the lane offsets below `end`. */
  readonly byEventTime: { readonly end: number; readonly ticks: EventTimeTicks } | null;
}

/**
 * Walks along silver/ticks in its recorded order, and along bronze beside it. A lane gets a partition's rows in their order, or
 * all by event time where its history was made so: one step forward in bronze per row of silver tells whether each row that
 * bronze accepted is there exactly once.
 */
export class OriginWalk {
  constructor(private readonly sources: OriginSources) {}

  /** Goes on along some rows of silver/ticks. */
  async along(block: ScannedRows, visitor: OriginVisitor): Promise<void> {
    const { byEventTime } = this.sources;
    const laneOffsets = block.numbers('lane_offset');
    let row = 0;
    if (byEventTime !== null) {
      for (; row < block.rows && laneOffsets[row]! < byEventTime.end; row++)
        await this.#stepByEventTime(block, row, byEventTime.ticks, visitor);
      if (row < block.rows) await skipTo(byEventTime.ticks, undefined, visitor);
    }
    const offsets = block.numbers('origin_offset');
    const indexes = block.numbers('origin_index');
    const partitions = block.numbers('origin_partition');
    for (; row < block.rows; row++) {
      const partition = partitions[row]!;
      const source = this.sources.of(partition);
      const offset = offsets[row]!;
      const index = indexes[row]!;
      if (source.columns === undefined) await source.load();
      if (isBelow(source, offset, index)) await this.#skip(source, partition, { offset, index }, visitor);
      const columns = source.columns;
      if (columns !== undefined && isAt(source, offset, index)) {
        visitor.found(row, partition, columns, source.row);
        source.advance();
      } else visitor.absent(row, partition, { offset, index }, source);
    }
  }

  async #skip(
    source: AcceptedTicks,
    partition: number,
    { offset, index }: Origin,
    visitor: OriginVisitor,
  ): Promise<void> {
    while (isBelow(source, offset, index)) {
      visitor.skipped(partition, originOf(source));
      source.advance();
      if (source.columns === undefined) await source.load();
    }
  }

  async #stepByEventTime(
    block: ScannedRows,
    row: number,
    ticks: EventTimeTicks,
    visitor: OriginVisitor,
  ): Promise<void> {
    const place = {
      eventTimeUs: block.numbers('event_time')[row]!,
      partition: block.numbers('origin_partition')[row]!,
      offset: block.numbers('origin_offset')[row]!,
      index: block.numbers('origin_index')[row]!,
    };
    if (ticks.columns === undefined) await ticks.load();
    if (!isSame(ticks, place)) await skipTo(ticks, place, visitor);
    const { columns } = ticks;
    if (columns !== undefined && isSame(ticks, place)) {
      visitor.found(row, place.partition, columns, ticks.row);
      ticks.advance();
    } else visitor.absent(row, place.partition, place, this.sources.of(place.partition));
  }
}

/** Where a row stands in the order of event time. */
interface Place extends Origin {
  readonly eventTimeUs: number;
  readonly partition: number;
}

/** undefined: to the end. */
async function skipTo(
  ticks: EventTimeTicks,
  place: Place | undefined,
  visitor: OriginVisitor,
): Promise<void> {
  for (;;) {
    if (ticks.columns === undefined && !(await ticks.load())) return;
    if (place !== undefined && !isBefore(ticks, place)) return;
    visitor.skipped(ticks.partition, originOf(ticks));
    ticks.advance();
  }
}

const originOf = ({ columns, row }: AcceptedTicks | EventTimeTicks): Origin => ({
  offset: columns?.originOffset[row] ?? 0,
  index: columns?.originIndex[row] ?? 0,
});

function isSame(ticks: EventTimeTicks, place: Place): boolean {
  const { columns, row } = ticks;
  return (
    columns?.originOffset[row] === place.offset &&
    columns.originIndex[row] === place.index &&
    ticks.partition === place.partition
  );
}

function isBefore(ticks: EventTimeTicks, place: Place): boolean {
  const { columns, row } = ticks;
  if (columns === undefined) return false;
  const distance =
    columns.eventTimeUs[row]! - place.eventTimeUs ||
    ticks.partition - place.partition ||
    columns.originOffset[row]! - place.offset ||
    columns.originIndex[row]! - place.index;
  return distance < 0;
}

function isBelow({ columns, row }: AcceptedTicks, offset: number, index: number): boolean {
  if (columns === undefined) return false;
  const at = columns.originOffset[row]!;
  return at < offset || (at === offset && columns.originIndex[row]! < index);
}

function isAt({ columns, row }: AcceptedTicks, offset: number, index: number): boolean {
  return columns?.originOffset[row] === offset && columns.originIndex[row] === index;
}
