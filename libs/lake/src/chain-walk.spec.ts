import * as fc from 'fast-check';
import { listChain, walkChain } from './chain-walk.js';
import type { ChainListing, ChainWalk } from './chain-walk.js';
import { LakeFiles } from './lake-files.js';
import type { SegmentFooter } from './ports.js';
import { compactedName, floorName, segmentName } from './segment-names.js';

type Stretch = readonly [first: number, next: number];

const footer = ([first, next]: Stretch): SegmentFooter => ({
  first,
  next,
  rows: 1,
  content: '1',
  schema: '',
  rules: '',
  topic: '',
  watermark: null,
  lanes: null,
  through: null,
});

/** Walks a chain of such files; `l0` and `l1` are [first, next). */
async function walk(l0: readonly Stretch[], l1: readonly Stretch[] = [], floor = 0): Promise<ChainWalk> {
  const footers = new Map<string, SegmentFooter>([
    ...l0.map((stretch) => [`lane/${segmentName(stretch[0])}`, footer(stretch)] as const),
    ...l1.map((stretch) => [`lane/${compactedName(stretch[0])}`, footer(stretch)] as const),
  ]);
  const listing: ChainListing = {
    folder: 'lane',
    l0: new Map(l0.map(([first]) => [first, segmentName(first)])),
    l1: new Map(l1.map(([first]) => [first, compactedName(first)])),
    floor,
  };
  return walkChain(listing, (path) => Promise.resolve(footers.get(path)!));
}

const stretches = (walked: ChainWalk): readonly (readonly [number, number, number])[] =>
  walked.segments.map(({ level, footer: { first, next } }) => [level, first, next]);

describe('walkChain', () => {
  it('finds nothing in nothing', async () => {
    expect(await walk([])).toEqual({ start: 0, end: 0, segments: [], beyond: [] });
  });

  it('goes from segment to segment', async () => {
    const walked = await walk([
      [5, 9],
      [0, 2],
      [2, 5],
    ]);
    expect(stretches(walked)).toEqual([
      [0, 0, 2],
      [0, 2, 5],
      [0, 5, 9],
    ]);
    expect(walked.end).toBe(9);
  });

  it('stops at a hole and names what lies beyond (F1: a listing that passed a name before it was linked)', async () => {
    const walked = await walk([
      [0, 2],
      [4, 6],
      [6, 7],
    ]);
    expect(walked.end).toBe(2);
    expect(walked.beyond).toEqual(['lane/00000000000000000004.parquet', 'lane/00000000000000000006.parquet']);
  });

  it('begins at the floor', async () => {
    expect(
      stretches(
        await walk(
          [
            [0, 2],
            [2, 5],
          ],
          [],
          2,
        ),
      ),
    ).toEqual([[0, 2, 5]]);
    expect((await walk([[0, 2]], [], 3)).end).toBe(3);
  });

  it('prefers the L1 to the L0s that it covers', async () => {
    expect(
      stretches(
        await walk(
          [
            [0, 1],
            [1, 2],
            [2, 3],
          ],
          [[0, 2]],
        ),
      ),
    ).toEqual([
      [1, 0, 2],
      [0, 2, 3],
    ]);
  });

  it('passes over an L0 of a zombie that begins inside an L1 and ends outside (F1)', async () => {
    const walked = await walk(
      [
        [1, 3],
        [2, 3],
      ],
      [[0, 2]],
    );
    expect(stretches(walked)).toEqual([
      [1, 0, 2],
      [0, 2, 3],
    ]);
  });

  it('passes over a stale L1 below the floor that reaches above it (F1)', async () => {
    expect(stretches(await walk([[2, 4]], [[0, 3]], 2))).toEqual([[0, 2, 4]]);
  });

  it('does not call stale files below the end damage', async () => {
    expect(
      (
        await walk(
          [
            [0, 1],
            [1, 2],
          ],
          [[0, 2]],
        )
      ).beyond,
    ).toEqual([]);
  });

  it.each<[string, Stretch]>([
    ['starts elsewhere', [1, 2]],
    ['ends where it starts', [0, 0]],
  ])('refuses a footer that %s', async (_, stretch) => {
    const listing = {
      folder: 'lane',
      l0: new Map([[0, segmentName(0)]]),
      l1: new Map<number, string>(),
      floor: 0,
    };
    await expect(walkChain(listing, () => Promise.resolve(footer(stretch)))).rejects.toThrow(
      /lane.00000000000000000000\.parquet is damaged/,
    );
  });

  it('covers every offset once, whatever was compacted and is left over', async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(lengths, fc.array(fc.nat(11)), fc.array(fc.boolean()), async (sizes, cuts, kept) => {
        const ends = sizes.map((_, at) => sizes.slice(0, at + 1).reduce((sum, size) => sum + size, 0));
        const l0 = ends.map((next, at): Stretch => [ends[at - 1] ?? 0, next]);
        const marks = [...new Set(cuts.filter((cut) => cut < ends.length))].sort((one, other) => one - other);
        const l1 = marks.map((cut, at): Stretch => [at === 0 ? 0 : ends[marks[at - 1]!]!, ends[cut]!]);
        const compacted = l1.at(-1)?.[1] ?? 0;
        const left = l0.filter(([first], at) => first >= compacted || kept[at] === true);
        const walked = await walk(left, l1);
        expect(walked.segments.map(({ footer: { first } }) => first)).toEqual([
          ...l1.map(([first]) => first),
          ...l0.map(([first]) => first).filter((first) => first >= compacted),
        ]);
        expect(walked.end).toBe(ends.at(-1));
      }),
    );
  });
});

/** Answers each listing with the next of several states of the folder. */
class ChangingFolder extends LakeFiles {
  constructor(private readonly states: string[][]) {
    super();
  }
  list(): Promise<readonly string[]> {
    return Promise.resolve(this.states.shift() ?? []);
  }
  makeFolder = unexpected;
  touch = unexpected;
  readText = unexpected;
  readBytes = unexpected;
  writeBytes = unexpected;
  syncFile = unexpected;
  syncFolder = unexpected;
  link = unexpected;
  replace = unexpected;
  facts = unexpected;
  unlink = unexpected;
}

const unexpected = (): Promise<never> => Promise.reject(new Error('Not expected'));

describe('listChain', () => {
  it('lists L0, then L1, then the floor: what is compacted and retired meanwhile is found (F6)', async () => {
    const listing = await listChain(
      new ChangingFolder([
        [segmentName(0), segmentName(1), '_tmp'],
        [compactedName(0), segmentName(2)],
        [floorName(2), floorName(1), segmentName(2)],
      ]),
      'lane',
    );
    expect([...listing.l0.keys()]).toEqual([0, 1]);
    expect([...listing.l1.keys()]).toEqual([0]);
    expect(listing.floor).toBe(2);
  });
});
