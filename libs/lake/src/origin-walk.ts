import type { AcceptedTicks } from './accepted-ticks.js';
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

/**
 * Walks along silver/ticks in its recorded order, and along bronze beside it. A lane gets a partition's rows in their order, so
 * one step forward in bronze per row of silver tells whether each row that bronze accepted is there exactly once.
 */
export class OriginWalk {
  constructor(private readonly sourceOf: (partition: number) => AcceptedTicks) {}

  /** Goes on along some rows of silver/ticks. */
  async along(block: ScannedRows, visitor: OriginVisitor): Promise<void> {
    const offsets = block.numbers('origin_offset');
    const indexes = block.numbers('origin_index');
    const partitions = block.numbers('origin_partition');
    for (let row = 0; row < block.rows; row++) {
      const partition = partitions[row]!;
      const source = this.sourceOf(partition);
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
      const { columns, row } = source;
      visitor.skipped(partition, {
        offset: columns?.originOffset[row] ?? 0,
        index: columns?.originIndex[row] ?? 0,
      });
      source.advance();
      if (source.columns === undefined) await source.load();
    }
  }
}

function isBelow({ columns, row }: AcceptedTicks, offset: number, index: number): boolean {
  if (columns === undefined) return false;
  const at = columns.originOffset[row]!;
  return at < offset || (at === offset && columns.originIndex[row]! < index);
}

function isAt({ columns, row }: AcceptedTicks, offset: number, index: number): boolean {
  return columns?.originOffset[row] === offset && columns.originIndex[row] === index;
}
