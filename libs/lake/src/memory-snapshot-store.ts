import { LaneSnapshots, SnapshotStore, SnapshotUnreadableError } from './ports.js';
import type { Snapshot } from './ports.js';
import { decodeSnapshot, encodeSnapshot } from './snapshot-bytes.js';
import { surplusSnapshots } from './snapshot-names.js';

/** Snapshots in memory, for tests: as bytes, so that they share nothing with the state they were taken of. */
export class MemorySnapshotStore extends SnapshotStore {
  readonly #lanes = new Map<string, Map<number, Buffer>>();

  open(layer: string, lane: number): Promise<LaneSnapshots> {
    return Promise.resolve(new MemoryLaneSnapshots(`${layer}/lane=${lane}`, this.#snapshots(layer, lane)));
  }

  /** The offsets of a lane's snapshots, newest first. */
  offsets(layer: string, lane: number): readonly number[] {
    return [...this.#snapshots(layer, lane).keys()].sort((one, other) => other - one);
  }

  /** Changes one bit in the middle of a snapshot. */
  damage(layer: string, lane: number, offset: number): void {
    const bytes = this.#snapshots(layer, lane).get(offset);
    if (bytes === undefined)
      throw new RangeError(`There is no snapshot of ${layer}/lane=${lane} at ${offset}`);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  }

  /** Loses every snapshot of every layer. */
  loseAll(): void {
    for (const snapshots of this.#lanes.values()) snapshots.clear();
  }

  #snapshots(layer: string, lane: number): Map<number, Buffer> {
    const key = `${layer}/${lane}`;
    let snapshots = this.#lanes.get(key);
    if (snapshots === undefined) this.#lanes.set(key, (snapshots = new Map<number, Buffer>()));
    return snapshots;
  }
}

class MemoryLaneSnapshots extends LaneSnapshots {
  readonly #unreadable = new Set<number>();

  constructor(
    private readonly where: string,
    private readonly snapshots: Map<number, Buffer>,
  ) {
    super();
  }

  list(): Promise<readonly number[]> {
    return Promise.resolve([...this.snapshots.keys()].sort((one, other) => other - one));
  }

  read(offset: number): Promise<Snapshot> {
    return new Promise((done) => {
      done(this.#decode(offset));
    });
  }

  write(snapshot: Snapshot): Promise<void> {
    return new Promise((done) => {
      this.snapshots.set(snapshot.offset, encodeSnapshot(snapshot));
      this.#unreadable.delete(snapshot.offset);
      done();
    });
  }

  prune(end: number): Promise<void> {
    const readable = [...this.snapshots.keys()].filter((offset) => !this.#unreadable.has(offset));
    for (const offset of [...this.#unreadable, ...surplusSnapshots(readable, end)])
      this.snapshots.delete(offset);
    this.#unreadable.clear();
    return Promise.resolve();
  }

  #decode(offset: number): Snapshot {
    const name = `${this.where}/${offset}`;
    const bytes = this.snapshots.get(offset);
    if (bytes === undefined) throw new SnapshotUnreadableError(name, 'it is gone');
    try {
      return decodeSnapshot(name, bytes);
    } catch (error) {
      this.#unreadable.add(offset);
      throw error;
    }
  }
}
