import type { BronzeMessage, LaneRecord, Side } from '@engine/medallion';
import type { TickColumns } from './tick-columns.js';

const MIN_CAPACITY = 64;
const NUMBERS = [
  'symbol',
  'eventTimeUs',
  'price',
  'source',
  'originPartition',
  'originOffset',
  'originIndex',
  'recordTimeUs',
] as const;
type Numbers = Readonly<Record<(typeof NUMBERS)[number], Float64Array>>;

/** Puts ticks together to the records of silver's lane that they came in. */
export class RecordBuilder {
  readonly #symbols = new Ids();
  readonly #sources = new Ids();
  readonly #records: { readonly offset: number; readonly first: number }[] = [];
  /** Of all records, one behind the other: they are cut up in the end. */
  #numbers = numbersOf(MIN_CAPACITY);
  #sizes: (number | null)[] = [];
  #sides: (Side | null)[] = [];
  #tradeIds: (string | null)[] = [];
  #laneOffset = -1;

  /** The tick at `row`; ticks come in the order of the lane. */
  push(laneOffset: number, partition: number, from: TickColumns, row: number): void {
    const at = this.#sizes.length;
    if (laneOffset !== this.#laneOffset) this.#begin(laneOffset, at);
    const numbers = at === this.#numbers.price.length ? this.#grow() : this.#numbers;
    const size = from.size[row]!;
    numbers.symbol[at] = this.#symbols.of(from.symbol[row] ?? '');
    numbers.eventTimeUs[at] = from.eventTimeUs[row]!;
    numbers.price[at] = from.price[row]!;
    numbers.source[at] = this.#sources.of(from.source[row] ?? '');
    numbers.originPartition[at] = partition;
    numbers.originOffset[at] = from.originOffset[row]!;
    numbers.originIndex[at] = from.originIndex[row]!;
    numbers.recordTimeUs[at] = from.recordTimeUs[row]!;
    this.#sizes.push(Number.isNaN(size) ? null : size);
    this.#sides.push((from.side[row] ?? null) as Side | null);
    this.#tradeIds.push(from.tradeId[row] ?? null);
  }

  /** The records since the last call; the last one must be complete. */
  take(): readonly LaneRecord<BronzeMessage>[] {
    const records = this.#records.splice(0);
    const taken = records.map(({ offset, first }, at) =>
      this.#record(offset, first, records[at + 1]?.first ?? this.#sizes.length),
    );
    this.#numbers = numbersOf(this.#numbers.price.length);
    [this.#sizes, this.#sides, this.#tradeIds] = [[], [], []];
    this.#laneOffset = -1;
    return taken;
  }

  #begin(laneOffset: number, first: number): void {
    this.#laneOffset = laneOffset;
    this.#records.push({ offset: laneOffset, first });
  }

  #grow(): Numbers {
    const longer = numbersOf(this.#numbers.price.length * 2);
    for (const name of NUMBERS) longer[name].set(this.#numbers[name]);
    return (this.#numbers = longer);
  }

  #record(offset: number, from: number, to: number): LaneRecord<BronzeMessage> {
    const cut = (name: (typeof NUMBERS)[number]): Float64Array => this.#numbers[name].subarray(from, to);
    const ticks = {
      n: to - from,
      // Shared by all records: the ids are the lane's.
      symbols: this.#symbols.texts,
      symbol: cut('symbol'),
      eventTimeUs: cut('eventTimeUs'),
      price: cut('price'),
      size: this.#sizes.slice(from, to),
      side: this.#sides.slice(from, to),
      tradeId: this.#tradeIds.slice(from, to),
      sources: this.#sources.texts,
      source: cut('source'),
      originPartition: cut('originPartition'),
      originOffset: cut('originOffset'),
      originIndex: cut('originIndex'),
      recordTimeUs: cut('recordTimeUs'),
    };
    return { offset, message: { kind: 'ticks', ticks } };
  }
}

const numbersOf = (capacity: number): Numbers =>
  Object.fromEntries(NUMBERS.map((name) => [name, new Float64Array(capacity)])) as unknown as Numbers;

class Ids {
  readonly texts: string[] = [];
  readonly #ids = new Map<string, number>();

  of(text: string): number {
    let id = this.#ids.get(text);
    if (id === undefined) this.#ids.set(text, (id = this.texts.push(text) - 1));
    return id;
  }
}
