import type { Coordinate } from '@engine/contracts';

/**
 * Which row each lane got last from each partition of `stock-ticks`. A message to a lane names the row before its first, so
 * that silver notices when one is missing; after a restart the segments' footers tell (`lanes`).
 */
export class LastCoordinates {
  readonly #byLane = new Map<number, Map<number, Coordinate>>();

  /** The lane's vector, by partition; encoding a message advances it. */
  ofLane(lane: number): Map<number, Coordinate> {
    let vector = this.#byLane.get(lane);
    if (vector === undefined) this.#byLane.set(lane, (vector = new Map<number, Coordinate>()));
    return vector;
  }

  /** What a segment of this partition says in its footer. */
  toFooter(partition: number): string {
    const lanes: Record<string, readonly [number, number]> = {};
    for (const [lane, vector] of this.#byLane) {
      const last = vector.get(partition);
      if (last !== undefined) lanes[lane] = [last.offset, last.index];
    }
    return JSON.stringify(lanes);
  }

  /** Puts a partition back to what its last segment says; `null`: nothing was sent yet. */
  restore(partition: number, footer: string | null): void {
    for (const vector of this.#byLane.values()) vector.delete(partition);
    const lanes = JSON.parse(footer ?? '{}') as Record<string, readonly [number, number]>;
    for (const [lane, [offset, index]] of Object.entries(lanes))
      this.ofLane(Number(lane)).set(partition, { offset, index });
  }
}
