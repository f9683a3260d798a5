import * as fc from 'fast-check';
import { listChain, walkChain, walkFolder } from './chain-walk.js';
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

const nameAt = (level: number, first: number): string =>
  level === 0 ? segmentName(first) : compactedName(first, level);

/** Walks a chain of such files, [first, next), by level from 0 on. */
async function walkLevels(levels: readonly (readonly Stretch[])[], floor = 0): Promise<ChainWalk> {
  const footers = new Map<string, SegmentFooter>(
    levels.flatMap((stretches, level) =>
      stretches.map((stretch) => [`lane/${nameAt(level, stretch[0])}`, footer(stretch)] as const),
    ),
  );
  const listing: ChainListing = {
    folder: 'lane',
    levels: new Map(
      levels.map((stretches, level) => [
        level,
        new Map(stretches.map(([first]) => [first, nameAt(level, first)])),
      ]),
    ),
    floor,
  };
  return walkChain(listing, (path) => Promise.resolve(footers.get(path)!));
}

const walk = (l0: readonly Stretch[], l1: readonly Stretch[] = [], floor = 0): Promise<ChainWalk> =>
  walkLevels([l0, l1], floor);

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

  it('takes at each position the segment of the highest level that starts there', async () => {
    const walked = await walkLevels([
      [
        [0, 1],
        [8, 9],
        [9, 10],
      ],
      [
        [0, 2],
        [6, 8],
        [8, 9],
      ],
      [[4, 6]],
      [[0, 4]],
    ]);
    expect(stretches(walked)).toEqual([
      [3, 0, 4],
      [2, 4, 6],
      [1, 6, 8],
      [1, 8, 9],
      [0, 9, 10],
    ]);
    expect(walked.beyond).toEqual([]);
  });

  it('passes over an L1 of a zombie that begins inside an L2, or where one begins, and ends outside', async () => {
    const walked = await walkLevels([
      [],
      [
        [0, 5],
        [2, 5],
        [4, 6],
      ],
      [[0, 4]],
    ]);
    expect(stretches(walked)).toEqual([
      [2, 0, 4],
      [1, 4, 6],
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
    const listing = { folder: 'lane', levels: new Map([[0, new Map([[0, segmentName(0)]])]]), floor: 0 };
    await expect(walkChain(listing, () => Promise.resolve(footer(stretch)))).rejects.toThrow(
      /lane.00000000000000000000\.parquet is damaged/,
    );
  });

  it('covers every offset once, whatever was compacted and is left over', async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 });
    const merges = fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(lengths, merges, fc.array(fc.boolean()), async (sizes, merged, kept) => {
        const levels: Stretch[][] = [stretchesOf(sizes)];
        for (const [count, size] of merged) levels.push(oneLevelUp(levels.at(-1)!, count, size + 1));
        const endOf = (level: number): number => levels[level]?.at(-1)?.[1] ?? 0;
        // What a level above covers may be there or not.
        let at = 0;
        const left = levels.map((level, number) =>
          level.filter(([first]) => first >= endOf(number + 1) || kept[at++] === true),
        );
        const walked = await walkLevels(left);
        expect(stretches(walked)).toEqual(
          levels
            .flatMap((level, number) =>
              level
                .filter(([first]) => first >= endOf(number + 1))
                .map(([first, next]) => [number, first, next]),
            )
            .sort(([, one], [, other]) => one! - other!),
        );
        expect(walked.end).toBe(endOf(0));
      }),
    );
  });
});

function stretchesOf(sizes: readonly number[]): Stretch[] {
  let end = 0;
  return sizes.map((size): Stretch => [end, (end += size)]);
}

/** `size` each of the first `count` segments as one. */
function oneLevelUp(below: readonly Stretch[], count: number, size: number): Stretch[] {
  const taken = below.slice(0, count);
  const starts = taken.filter((_, at) => at % size === 0);
  return starts.map(([first], at): Stretch => [first, starts[at + 1]?.[0] ?? taken.at(-1)![1]]);
}

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
        [compactedName(0, 1), segmentName(2)],
        [floorName(2), floorName(1), segmentName(2)],
      ]),
      'lane',
    );
    expect([...listing.levels].map(([level, names]) => [level, ...names.keys()])).toEqual([
      [0, 0, 1],
      [1, 0],
    ]);
    expect(listing.floor).toBe(2);
  });

  it('lists each level after the one below it, over those that are empty too (F6)', async () => {
    const listing = await listChain(
      new ChangingFolder([
        [segmentName(4), compactedName(0, 1), compactedName(2, 1)],
        [compactedName(0, 3)],
        [compactedName(0, 3), compactedName(4, 3)],
        [compactedName(0, 3), compactedName(4, 3), floorName(4), compactedName(9, 1)],
      ]),
      'lane',
    );
    expect([...listing.levels].map(([level, names]) => [level, ...names.keys()])).toEqual([
      [0, 4],
      [3, 0, 4],
    ]);
    expect(listing.floor).toBe(4);
  });

  it('leaves out the levels that are not wanted', async () => {
    const names = [segmentName(4), compactedName(0, 2), floorName(0)];
    const listing = await listChain(new ChangingFolder([names, names, names]), 'lane', 1);
    expect([...listing.levels.keys()]).toEqual([2]);
  });
});

describe('walkFolder', () => {
  const walkStates = (...states: string[][]): Promise<ChainWalk> =>
    walkFolder(new ChangingFolder(states), 'lane', {
      footerOf: (path) => Promise.resolve(footer(path.endsWith(segmentName(4)) ? [4, 6] : [0, 1])),
      preload: () => Promise.resolve(),
      retain: () => undefined,
    });

  it('finds what lies at the floor though both came while it listed, asleep', async () => {
    const [before, after] = [[segmentName(0)], [floorName(4), segmentName(4)]];
    const walked = await walkStates(before, after, after, after);
    expect([walked.start, walked.end]).toEqual([4, 6]);
  });

  it('lists a floor with nothing at it once more, and takes it for the truth', async () => {
    const floor = [floorName(4)];
    const walked = await walkStates(floor, floor, floor);
    expect([walked.start, walked.end, walked.segments]).toEqual([4, 4, []]);
  });
});
