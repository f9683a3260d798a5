import { laneOf } from '../lane.js';
import type { BronzeTicks } from '../ticks.js';
import { LaneColumns } from './lane-columns.js';
import type { TickOrigin } from './lane-columns.js';
import type { TickSlot } from './tick.js';

/** Accepted ticks, each in the lane of its symbol. */
export class LaneSplit {
  readonly #lanes = new Map<number, LaneColumns>();
  /** A symbol is hashed once. */
  readonly #laneOfSymbol = new Map<string, LaneColumns>();

  constructor(private readonly lanes: number) {}

  push(tick: TickSlot, origin: TickOrigin, index: number): void {
    this.#columnsOf(tick.symbol).push(tick, origin, index);
  }

  /** Per lane that got any. */
  toTicks(): ReadonlyMap<number, BronzeTicks> {
    return new Map([...this.#lanes].map(([lane, columns]) => [lane, columns.toTicks()]));
  }

  #columnsOf(symbol: string): LaneColumns {
    let columns = this.#laneOfSymbol.get(symbol);
    if (columns === undefined) {
      columns = this.#laneColumns(laneOf(symbol, this.lanes));
      this.#laneOfSymbol.set(symbol, columns);
    }
    return columns;
  }

  #laneColumns(lane: number): LaneColumns {
    let columns = this.#lanes.get(lane);
    if (columns === undefined) this.#lanes.set(lane, (columns = new LaneColumns()));
    return columns;
  }
}
