import { laneOf } from '@engine/medallion';

/** Which lane a symbol belongs to, hashed once per symbol. */
export class LaneNames {
  readonly #lanes = new Map<string, number>();

  constructor(private readonly lanes: number) {}

  of(symbol: string): number {
    let lane = this.#lanes.get(symbol);
    if (lane === undefined) this.#lanes.set(symbol, (lane = laneOf(symbol, this.lanes)));
    return lane;
  }
}
