import { addContents } from '@engine/lake';
import type { SegmentFooter } from '@engine/lake/ports';
import type { MemoryRow } from '@engine/lake/testing';

/** What stands in a segment of the simulated lake. */
export interface Segment {
  readonly footer: SegmentFooter;
  readonly rows: readonly MemoryRow[];
}

interface Walked {
  readonly level: number;
  readonly segment: Segment;
}

/** A chain as all names that were ever linked make it, whatever has become of them since, and the names as they are now. */
export class WatchedChain {
  /** All that was ever published, as it was published. */
  readonly segments: Segment[] = [];
  /** Above the end, of whatever level: names that survived a loss of power which others did not. */
  readonly ahead = new Map<number, Segment>();
  /** Below it everything was acknowledged to its owner as durable. */
  durableEnd = 0;
  /** Below it rows are gone by retention. */
  floor = 0;
  /** By level, from 0 on: what was published, and what was compacted out of the level below. */
  readonly names: readonly Map<number, Segment>[] = Array.from(
    { length: 10 },
    () => new Map<number, Segment>(),
  );
  /** Linked where compaction had left names free: no walk comes to them. */
  readonly strays = new Map<number, Segment>();
  readonly #floors = new Set<number>();

  get end(): number {
    return this.segments.at(-1)?.footer.next ?? 0;
  }

  get watermark(): number | null {
    return this.segments.at(-1)?.footer.watermark ?? null;
  }

  append(segment: Segment): void {
    this.segments.push(segment);
    for (let next = this.ahead.get(this.end); next !== undefined; next = this.ahead.get(this.end)) {
      this.ahead.delete(this.end);
      this.segments.push(next);
    }
  }

  raiseFloor(offset: number): void {
    this.#floors.add(offset);
    this.floor = Math.max(...this.#floors);
  }

  /** The highest stays. */
  removeFloor(offset: number): boolean {
    this.#floors.delete(offset);
    return Math.max(0, ...this.#floors) === this.floor;
  }

  /** What a reader comes to that looks at all names in this moment: from the floor on the highest level first. */
  walk(): readonly Walked[] {
    const walked: Walked[] = [];
    for (let at = this.floor; ;) {
      const level = this.names.findLastIndex((names) => names.has(at));
      const segment = this.names[level]?.get(at);
      if (segment === undefined) return walked;
      walked.push({ level, segment });
      at = segment.footer.next;
    }
  }

  /** Whether a segment says what was published of its stretch, no more and no less. */
  holds({ first, next, rows, content }: SegmentFooter): boolean {
    const from = this.segments.findIndex(({ footer }) => footer.first === first);
    const to = this.segments.findIndex(({ footer }) => footer.next === next);
    if (from < 0 || to < from) return false;
    const footers = this.segments.slice(from, to + 1).map(({ footer }) => footer);
    return (
      footers.reduce((sum, footer) => sum + footer.rows, 0) === rows &&
      (from === to ? footers[0]!.content : addContents(footers.map((footer) => footer.content))) === content
    );
  }

  /** Whether a segment of a higher level, or the floor, has taken the place of a name. */
  isReplaced(level: number, offset: number, walk = this.walk()): boolean {
    return (
      offset < this.floor ||
      walk.some(
        ({ level: above, segment: { footer } }) =>
          above > level && footer.first <= offset && offset < footer.next,
      )
    );
  }

  /** The names whose place was taken. */
  get replaced(): readonly string[] {
    const walk = this.walk();
    return this.names.flatMap((names, level) =>
      [...names.keys()]
        .filter((offset) => this.isReplaced(level, offset, walk))
        .map((offset) => `level ${level} at ${offset}`),
    );
  }

  /** undefined: whoever looks at all names now finds everything from the floor to the end, once. */
  damage(): string | undefined {
    let end = this.floor;
    for (const { level, segment } of this.walk()) {
      const { first, next } = segment.footer;
      if (first !== end || !this.holds(segment.footer))
        return `the segment of level ${level} [${first}, ${next}) holds other rows than were published`;
      end = next;
    }
    return end === this.end ? undefined : `a walk ends at ${end}, published is up to ${this.end}`;
  }
}
