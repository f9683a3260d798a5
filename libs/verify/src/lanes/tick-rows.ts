import type { ScannedRows, WalkedSegment } from '@engine/lake';
import { silverTicks } from '@engine/medallion';
import type { TableBatch } from '@engine/medallion';
import { damage, note } from '../finding.js';
import type { Finding } from '../finding.js';
import { UNKNOWN_WRITER } from '../remedies.js';
import { describeDifference, firstDifference } from '../rows/first-difference.js';
import { fileOfOffset } from '../rows/segment-of.js';
import type { VerifyContext } from '../verify-context.js';

const MAX_FINDINGS = 3;

/** silver/ticks as stored against as recomputed: row by row, since the recomputation follows the stored order. */
export class TickRows {
  readonly #segments: readonly WalkedSegment[];
  readonly #verdicts = new Map<string, number>();
  #findings = 0;
  #offset = -1;

  constructor(context: VerifyContext, lane: number) {
    this.#segments = context.readable(silverTicks, lane);
    this.#foreign = this.#segments.filter((segment) => !context.isOwn(segment)).map(({ footer }) => footer);
  }

  readonly #foreign: readonly { first: number; next: number }[];

  get verdicts(): ReadonlyMap<string, number> {
    return this.#verdicts;
  }

  /** True when some stretch was decided under other rules. */
  get isMixed(): boolean {
    return this.#foreign.length > 0;
  }

  /** `from`: where in the stored rows the recomputed ones begin. */
  *compare(
    stored: ScannedRows,
    from: number,
    recomputed: TableBatch,
    isCertain: boolean,
  ): Generator<Finding> {
    const rows = recomputed.rows;
    this.#count(stored, from, rows);
    yield* this.#order(stored, from, rows);
    for (const [begin, end] of this.#ownStretches(stored, from, rows)) {
      const stretch = { stored: from + begin, recomputed: begin, rows: end - begin };
      const difference = firstDifference(stored, recomputed, stretch);
      if (difference === undefined || ++this.#findings > MAX_FINDINGS) continue;
      const what = `recomputed from bronze, ${describeDifference(difference)}`;
      const where = this.#where(stored, stretch.stored + difference.row);
      yield isCertain ? damage(where, what, UNKNOWN_WRITER) : note(where, what);
    }
  }

  #where(stored: ScannedRows, row: number): string {
    const offset = stored.numbers('lane_offset')[row]!;
    const index = stored.numbers('lane_index')[row]!;
    return `${fileOfOffset(this.#segments, offset)}, lane_offset ${offset}, lane_index ${index}`;
  }

  #count(stored: ScannedRows, from: number, rows: number): void {
    const verdicts = stored.texts('verdict');
    for (let row = from; row < from + rows; row++) {
      const verdict = verdicts[row] ?? '';
      this.#verdicts.set(verdict, (this.#verdicts.get(verdict) ?? 0) + 1);
    }
  }

  *#order(stored: ScannedRows, from: number, rows: number): Generator<Finding> {
    const offsets = stored.numbers('lane_offset');
    for (let row = from; row < from + rows; row++) {
      const offset = offsets[row]!;
      if (offset < this.#offset && ++this.#findings <= MAX_FINDINGS)
        yield damage(this.#where(stored, row), `it comes after lane_offset ${this.#offset}`, UNKNOWN_WRITER);
      this.#offset = offset;
    }
  }

  /** Pairs of begin and end among the `rows` from `from` on, leaving out other rules. */
  #ownStretches(stored: ScannedRows, from: number, rows: number): readonly (readonly [number, number])[] {
    if (this.#foreign.length === 0) return [[0, rows]];
    const offsets = stored.numbers('lane_offset');
    const stretches: (readonly [number, number])[] = [];
    let begin = 0;
    while (begin < rows) {
      const isOwn = this.#isOwn(offsets[from + begin]!);
      let end = begin + 1;
      while (end < rows && this.#isOwn(offsets[from + end]!) === isOwn) end++;
      if (isOwn) stretches.push([begin, end]);
      begin = end;
    }
    return stretches;
  }

  #isOwn(offset: number): boolean {
    return !this.#foreign.some(({ first, next }) => first <= offset && offset < next);
  }
}
