import type { BronzeMessage, LaneRecord } from '@engine/medallion';

/**
 * Whether a lane's records are known without a gap. Ticks and markers are two chains: where one of them ends earlier, an offset
 * that the other skips may be a record that is not published yet. (Below both ends a skipped offset is a message whose rows
 * had all come before.)
 */
export class KnownOrder {
  #next: number;

  constructor(
    start: number,
    private readonly ticksEnd: number,
    private readonly markersEnd: number,
  ) {
    this.#next = start;
    this.isCertain = start === 0;
  }

  isCertain: boolean;

  /** How many of the records, from the first on, can be taken before certainty ends. */
  certainPart(records: readonly LaneRecord<BronzeMessage>[]): number {
    for (const [at, { offset }] of records.entries()) {
      if (this.isCertain && this.#mayLack(offset)) return at;
      this.#next = offset + 1;
    }
    return records.length;
  }

  /** From here on what comes out differently may be due to a record that is not here yet. */
  giveUp(): void {
    this.isCertain = false;
  }

  /** Whether something unpublished may lie before the offset. */
  #mayLack(offset: number): boolean {
    return offset > this.#next && offset > Math.min(this.ticksEnd, this.markersEnd);
  }
}
