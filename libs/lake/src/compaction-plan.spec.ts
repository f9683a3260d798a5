import type { WalkedSegment } from './chain-walk.js';
import { COMPACTION_LIMITS, planCompaction } from './compaction-plan.js';
import type { CompactionLimits } from './compaction-plan.js';

interface Piece {
  readonly level: number;
  readonly bytes?: number;
  readonly rows?: number;
  readonly rules?: string;
  readonly ageMs?: number;
}

const limits: CompactionLimits = { maxBytes: 100, maxAgeMs: 1000, minFiles: 3 };

/** Where the segments lie that are compacted next; one offset a piece. */
function planned(pieces: readonly Piece[], some: Partial<CompactionLimits> = {}): readonly number[] {
  const segments = pieces.map((piece, first) => segmentOf(piece, first, first + 1));
  const fileOf = ({ footer }: WalkedSegment): { bytes: number; ageMs: number } => {
    const { bytes = 1, ageMs = 0 } = pieces[footer.first]!;
    return { bytes, ageMs };
  };
  const walk = { start: 0, end: pieces.length, segments, beyond: [] };
  return planCompaction(walk, fileOf, { ...limits, ...some }).map(({ footer }) => footer.first);
}

const segmentOf = ({ level, rows = 1, rules = 'r1' }: Piece, first: number, next: number): WalkedSegment => ({
  path: `${first}.${level}`,
  level,
  footer: {
    ...{ first, next, rows, content: '1', schema: 's', rules, topic: 't' },
    ...{ watermark: null, lanes: null, through: null },
  },
});

const at = (level: number, more: Omit<Piece, 'level'> = {}): Piece => ({ level, ...more });

it('waits until there are enough of a level', () => {
  expect(planned([])).toEqual([]);
  expect(planned([at(0), at(0)])).toEqual([]);
  expect(planned([at(0), at(0), at(0)])).toEqual([0, 1, 2]);
  expect(planned([at(1), at(1), at(0), at(0)])).toEqual([]);
});

it('F4: takes whole segments of one level from where the higher ones end, and no lower ones along', () => {
  expect(planned([at(2), at(1), at(1), at(1), at(0), at(0)])).toEqual([1, 2, 3]);
  expect(planned([at(2), at(1), at(0), at(0), at(0), at(0)])).toEqual([2, 3, 4, 5]);
  expect(planned([at(0), at(1), at(1), at(1)])).toEqual([]);
});

it('takes the highest level first, of which there is most seldom something to do', () => {
  expect(planned([at(1), at(1), at(1), at(0), at(0), at(0)])).toEqual([0, 1, 2]);
});

it('leaves the top level as it is', () => {
  expect(planned([at(9), at(9), at(9), at(9)])).toEqual([]);
  expect(planned([at(9), at(8), at(8), at(8)])).toEqual([1, 2, 3]);
});

it('takes as many bytes as one may be made of', () => {
  const [third, little] = [at(0, { bytes: 40 }), at(0, { bytes: 10 })];
  expect(planned([third, third, third, third])).toEqual([0, 1, 2]);
  expect(planned([third, third, little], { minFiles: 9 })).toEqual([]);
  expect(planned([third, third, little, little], { minFiles: 9 })).toEqual([0, 1, 2, 3]);
});

it('does not write what is half as large for the sake of some small ones', () => {
  const large = { bytes: 50 };
  expect(planned([at(0, large)])).toEqual([0]);
  expect(planned([at(1), at(1), at(1, large)])).toEqual([0, 1]);
  expect(planned([at(2), at(1, large), at(1), at(1), at(1)])).toEqual([1]);
  expect(planned([at(2), at(1, { bytes: 49 }), at(1), at(1)])).toEqual([1, 2, 3]);
});

it('ends a run where other rules begin, and waits for nothing there', () => {
  const other = { rules: 'r2' };
  expect(planned([at(0), at(0), at(0, other)])).toEqual([0, 1]);
  expect(planned([at(1), at(0), at(0, other)])).toEqual([1]);
  expect(planned([at(1), at(1), at(0, other)])).toEqual([0, 1]);
  expect(planned([at(2), at(0, other)])).toEqual([0]);
  expect(planned([at(9), at(0, other)])).toEqual([]);
});

it('lets no published segment wait for longer than its time, and any other for as long as it likes', () => {
  expect(planned([at(1, { ageMs: 5000 }), at(0, { ageMs: 999 })])).toEqual([]);
  expect(planned([at(1), at(0, { ageMs: 1000 }), at(0)])).toEqual([1, 2]);
});

it('does not write again what has settled: to retention its rows would be new', () => {
  const old = { ageMs: 5000 };
  expect(planned([at(1, old), at(1, old), at(1)], { settledMs: 5000 })).toEqual([0]);
  expect(planned([at(9, old), at(1), at(1), at(1)], { settledMs: 5000 })).toEqual([1, 2, 3]);
  expect(planned([at(1, { ageMs: 4999 }), at(1), at(1)], { settledMs: 5000 })).toEqual([0, 1, 2]);
  expect(planned([at(0, old), at(0), at(0)], { settledMs: 5000, maxAgeMs: 9000 })).toEqual([0, 1, 2]);
});

describe('a steady flow, looked after at every segment', () => {
  /** How many files a walk comes to at most, and how often a segment's rows are written again on average. */
  function flow(segments: number): { most: number; rewritings: number } {
    let chain: WalkedSegment[] = [];
    const spent = { most: 0, rows: 0 };
    const fileOf = ({ footer }: WalkedSegment): { bytes: number; ageMs: number } => ({
      bytes: footer.next - footer.first,
      ageMs: 0,
    });
    for (let next = 1; next <= segments; next++) {
      chain.push(segmentOf(at(0), next - 1, next));
      spent.most = Math.max(spent.most, chain.length);
      const run = planCompaction(
        { start: 0, end: next, segments: chain, beyond: [] },
        fileOf,
        COMPACTION_LIMITS,
      );
      const [first, last] = [run[0], run.at(-1)];
      if (first === undefined || last === undefined) continue;
      const from = chain.indexOf(first);
      spent.rows += last.footer.next - first.footer.first;
      const merged = segmentOf(at(first.level + 1), first.footer.first, last.footer.next);
      chain = [...chain.slice(0, from), merged, ...chain.slice(from + run.length)];
    }
    return { most: spent.most, rewritings: spent.rows / segments };
  }

  it.each([
    ['an hour', 360, 14, 2.7],
    ['a day', 8640, 22, 4.7],
  ])('of ten-second segments for %s', (_, segments, most, rewritings) => {
    const found = flow(segments);
    expect(found.most).toBeLessThanOrEqual(most);
    expect(found.rewritings).toBeLessThanOrEqual(rewritings);
  });
});

it('takes half a million published rows at once, and more of those that are sorted', () => {
  const many = (level: number): Piece[] => Array.from({ length: 6 }, () => at(level, { rows: 200_000 }));
  expect(planned(many(0))).toEqual([0, 1, 2]);
  expect(planned(many(1))).toEqual([0, 1, 2, 3, 4, 5]);
  expect(planned([at(0, { rows: 600_000 }), at(0)])).toEqual([0]);
});
