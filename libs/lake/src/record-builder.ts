import type { BronzeMessage, BronzeTicks, LaneRecord, Side } from '@engine/medallion';
import type { TickColumns } from './tick-columns.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer V)[] ? V[] : T[K] };

/** Puts ticks together to the records of silver's lane that they came in. */
export class RecordBuilder {
  readonly #symbols = new Ids();
  readonly #sources = new Ids();
  #records: LaneRecord<BronzeMessage>[] = [];
  #ticks = this.#noTicks();
  #laneOffset = -1;

  /** The tick at `row`; ticks come in the order of the lane. */
  push(laneOffset: number, partition: number, from: TickColumns, row: number): void {
    if (laneOffset !== this.#laneOffset) this.#begin(laneOffset);
    const ticks = this.#ticks;
    const size = from.size[row]!;
    ticks.n++;
    ticks.symbol.push(this.#symbols.of(from.symbol[row] ?? ''));
    ticks.eventTimeUs.push(from.eventTimeUs[row]!);
    ticks.price.push(from.price[row]!);
    ticks.size.push(Number.isNaN(size) ? null : size);
    ticks.side.push((from.side[row] ?? null) as Side | null);
    ticks.tradeId.push(from.tradeId[row] ?? null);
    ticks.source.push(this.#sources.of(from.source[row] ?? ''));
    ticks.originPartition.push(partition);
    ticks.originOffset.push(from.originOffset[row]!);
    ticks.originIndex.push(from.originIndex[row]!);
    ticks.recordTimeUs.push(from.recordTimeUs[row]!);
  }

  /** The records since the last call; the last one must be complete. */
  take(): readonly LaneRecord<BronzeMessage>[] {
    const records = this.#records;
    this.#records = [];
    this.#laneOffset = -1;
    return records;
  }

  #begin(laneOffset: number): void {
    this.#laneOffset = laneOffset;
    this.#ticks = this.#noTicks();
    this.#records.push({ offset: laneOffset, message: { kind: 'ticks', ticks: this.#ticks } });
  }

  #noTicks(): Mutable<BronzeTicks> {
    return {
      n: 0,
      // Shared by all records: the ids are the lane's.
      symbols: this.#symbols.texts,
      symbol: [],
      eventTimeUs: [],
      price: [],
      size: [],
      side: [],
      tradeId: [],
      sources: this.#sources.texts,
      source: [],
      originPartition: [],
      originOffset: [],
      originIndex: [],
      recordTimeUs: [],
    };
  }
}

class Ids {
  readonly texts: string[] = [];
  readonly #ids = new Map<string, number>();

  of(text: string): number {
    let id = this.#ids.get(text);
    if (id === undefined) this.#ids.set(text, (id = this.texts.push(text) - 1));
    return id;
  }
}
