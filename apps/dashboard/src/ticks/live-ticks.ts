import { compareCoordinates, rowsAbove } from '@engine/contracts';
import type { Coordinate } from '@engine/contracts';
import type { SilverMessage, SilverTicks } from '@engine/medallion';

/** An accepted tick that was heard: what `silver-ticks` says of it; times in µs since the epoch. */
export interface HeardTick {
  readonly symbol: string;
  readonly event_time: number;
  readonly price: number;
  readonly size: number | null;
  readonly in_order: boolean;
  readonly sma: number | null;
  readonly volatility: number | null;
  readonly log_return: number | null;
  readonly lane_offset: number;
  readonly lane_index: number;
  readonly record_time: number;
}

const coordinateOf = ({ lane_offset, lane_index }: HeardTick): Coordinate => ({
  offset: lane_offset,
  index: lane_index,
});

/** The ticks of one lane that the lake may not hold yet, in lane order, each once however often it is sent. */
class LiveLane {
  /** Everything below this lane offset is in the lake. */
  end = 0;
  #highWater: Coordinate | null = null;
  #ticks: HeardTick[] = [];

  get size(): number {
    return this.#ticks.length;
  }

  get highWater(): Coordinate | null {
    return this.#highWater;
  }

  get ticks(): readonly HeardTick[] {
    return this.#ticks;
  }

  /** The ticks that were not heard before. */
  hear(message: SilverMessage): readonly HeardTick[] {
    const news = rowsAbove(message, this.#highWater);
    if (news === null) return [];
    const ticks = news.kind === 'ticks' ? rowsOf(news.ticks) : [];
    this.#highWater = highWaterOf(news, ticks) ?? this.#highWater;
    for (const tick of ticks) if (tick.lane_offset >= this.end) this.#ticks.push(tick);
    return ticks;
  }

  /** The next message heard is the first again. */
  beginAnew(): void {
    this.#highWater = null;
    this.#ticks = [];
  }

  forgetBelow(end: number): void {
    this.end = end;
    const kept = this.#ticks.findIndex(({ lane_offset }) => lane_offset >= end);
    this.#ticks = kept === -1 ? [] : this.#ticks.slice(kept);
  }

  /** By bisection; undefined when it was let go of. */
  at(coordinate: Coordinate): HeardTick | undefined {
    let [from, to] = [0, this.#ticks.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (compareCoordinates(coordinateOf(this.#ticks[middle]!), coordinate) < 0) from = middle + 1;
      else to = middle;
    }
    const found = this.#ticks[from];
    return found !== undefined && compareCoordinates(coordinateOf(found), coordinate) === 0
      ? found
      : undefined;
  }
}

/** What `silver-ticks` says that is not in the lake yet. The lake's rows and these overlap, and leave no gap. */
export class LiveTicks {
  readonly #lanes = new Map<number, LiveLane>();

  hear(message: SilverMessage, lane: number): readonly HeardTick[] {
    return this.#lane(lane).hear(message);
  }

  beginAnew(lane: number): void {
    this.#lane(lane).beginAnew();
  }

  /** In lane order. */
  of(symbol: string, lane: number): readonly HeardTick[] {
    return this.#lane(lane).ticks.filter((tick) => tick.symbol === symbol);
  }

  at(lane: number, coordinate: Coordinate): HeardTick | undefined {
    return this.#lane(lane).at(coordinate);
  }

  /** The last row heard in the lane; null before the first. */
  highWater(lane: number): Coordinate | null {
    return this.#lane(lane).highWater;
  }

  /** Ticks of the lane that wait for their segment. */
  waiting(lane: number): number {
    return this.#lane(lane).size;
  }

  /** `ends`: by lane, the end of silver/ticks' chain, below which the lake holds everything. */
  forgetPublished(ends: ReadonlyMap<number, number>): void {
    for (const [lane, end] of ends) this.#lane(lane).forgetBelow(end);
  }

  #lane(lane: number): LiveLane {
    const known = this.#lanes.get(lane) ?? new LiveLane();
    this.#lanes.set(lane, known);
    return known;
  }
}

function highWaterOf(message: SilverMessage, ticks: readonly HeardTick[]): Coordinate | undefined {
  if (message.kind === 'marker') return { offset: message.laneOffset, index: message.laneIndex };
  const last = ticks.at(-1);
  return last && coordinateOf(last);
}

function rowsOf(ticks: SilverTicks): HeardTick[] {
  return Array.from({ length: ticks.n }, (_, row) => ({
    symbol: ticks.symbols[ticks.symbol[row]!]!,
    event_time: ticks.eventTimeUs[row]!,
    price: ticks.price[row]!,
    size: ticks.size[row]!,
    in_order: ticks.inOrder[row]!,
    sma: ticks.sma[row]!,
    volatility: ticks.volatility[row]!,
    log_return: ticks.logReturn[row]!,
    lane_offset: ticks.laneOffset[row]!,
    lane_index: ticks.laneIndex[row]!,
    record_time: ticks.recordTimeUs[row]!,
  }));
}
