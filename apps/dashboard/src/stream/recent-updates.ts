import { updateKey } from '@engine/contracts';
import type { GoldUpdate } from '@engine/medallion';
import { isAtLeastAsNew } from '../live/live-bar.js';
import type { LanePosition } from './lane-position.js';

/** About 10 MB; with six symbols the last hour. */
const MAX_KEYS = 20_000;

interface Heard {
  readonly update: GoldUpdate;
  readonly lane: number;
  readonly offset: number;
}

/**
 * The newest update of every key that was updated lately, in the order they were heard: enough to tell a client that comes
 * back what it missed, since of a key only the newest counts.
 */
export class RecentUpdates {
  /** Oldest first. */
  readonly #byKey = new Map<string, Heard>();
  readonly #next: number[];
  /** By lane: whoever has seen less than this cannot be told what it missed. */
  readonly #reach: number[];

  constructor(
    lanes: number,
    private readonly maxKeys = MAX_KEYS,
  ) {
    this.#next = Array.from({ length: lanes }, () => 0);
    this.#reach = Array.from({ length: lanes }, () => Infinity);
  }

  get position(): LanePosition {
    return [...this.#next];
  }

  /** False: what is known of the key is newer already (updates may be sent again). */
  add(update: GoldUpdate, lane: number, offset: number): boolean {
    this.#next[lane] = offset + 1;
    this.#reach[lane] = Math.min(this.#reach[lane] ?? 0, offset);
    const key = updateKey(update);
    const known = this.#byKey.get(key);
    if (known !== undefined && !supersedes(update, known.update)) return false;
    this.#byKey.delete(key);
    this.#byKey.set(key, { update, lane, offset });
    if (this.#byKey.size > this.maxKeys) this.#forgetOldest();
    return true;
  }

  /** What was heard since, oldest first; undefined when that cannot be told any more. */
  since(position: LanePosition): readonly GoldUpdate[] | undefined {
    if (!position.every((seen, lane) => this.#reaches(seen, lane))) return undefined;
    return [...this.#byKey.values()]
      .filter(({ lane, offset }) => offset >= (position[lane] ?? 0))
      .map(({ update }) => update);
  }

  #reaches(seen: number, lane: number): boolean {
    const next = this.#next[lane] ?? 0;
    return seen === next || (seen < next && seen >= (this.#reach[lane] ?? Infinity));
  }

  #forgetOldest(): void {
    const [key, { lane, offset }] = this.#byKey.entries().next().value!;
    this.#byKey.delete(key);
    this.#reach[lane] = Math.max(this.#reach[lane] ?? 0, offset + 1);
  }
}

/** The rule by which a reader of the stream keeps one of two updates of a key. */
export function supersedes(update: GoldUpdate, known: GoldUpdate): boolean {
  if (update.type === 'bar' && known.type === 'bar') {
    if (update.revision !== known.revision) return update.revision > known.revision;
    const [isOpen, wasOpen] = [update.state === 'provisional', known.state === 'provisional'];
    if (isOpen !== wasOpen) return wasOpen;
  }
  return isAtLeastAsNew(update, known);
}
