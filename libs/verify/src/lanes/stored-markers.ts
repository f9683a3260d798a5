import type { ScannedRows, WalkedSegment } from '@engine/lake';
import type { RowReader } from '../rows/watched-rows.js';
import { silverMarkers } from '@engine/medallion';
import type { BronzeMessage, LaneRecord } from '@engine/medallion';

/** A lane's time markers in their order. */
export class StoredMarkers {
  readonly #scan: AsyncGenerator<ScannedRows, void>;
  #waiting: LaneRecord<BronzeMessage>[] = [];
  #isOver = false;

  constructor(
    reader: RowReader,
    readonly segments: readonly WalkedSegment[],
  ) {
    this.#scan = reader.scan(silverMarkers, segments, Object.keys(silverMarkers.columns));
  }

  /** Those before an offset that have not been taken yet. */
  async takeBefore(offset: number): Promise<readonly LaneRecord<BronzeMessage>[]> {
    while (!this.#isOver && (this.#waiting.at(-1)?.offset ?? -1) < offset) await this.#load();
    const end = this.#waiting.findIndex((marker) => marker.offset >= offset);
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : end);
  }

  async close(): Promise<void> {
    await this.#scan.return();
  }

  async #load(): Promise<void> {
    const next = await this.#scan.next();
    if (next.done === true) {
      this.#isOver = true;
      return;
    }
    const offsets = next.value.numbers('lane_offset');
    const times = next.value.numbers('marker');
    for (let row = 0; row < next.value.rows; row++)
      this.#waiting.push({ offset: offsets[row]!, message: { kind: 'marker', markerUs: times[row]! } });
  }
}
