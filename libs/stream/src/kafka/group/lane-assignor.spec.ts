import { assignLanes } from './lane-assignor.js';
import type { Claim } from './lane-assignor.js';

const claim = (id: string, since: number, held: readonly number[] = [], generation = 1): Claim => ({
  id,
  since,
  generation,
  held,
});

const assigned = (claims: readonly Claim[], partitions: number): Record<string, readonly number[]> =>
  Object.fromEntries(assignLanes(claims, partitions));

describe('the lanes of a Kafka group', () => {
  it('are all the only member’s', () => {
    expect(assigned([claim('a', 1)], 3)).toEqual({ a: [0, 1, 2] });
  });

  it('are shared at once by members that come together, the eldest having one more', () => {
    expect(assigned([claim('b', 2), claim('a', 1)], 3)).toEqual({ a: [0, 1], b: [2] });
  });

  it('are not given on before they are given up', () => {
    const all = claim('a', 1, [0, 1, 2]);
    expect(assigned([all, claim('b', 2)], 3)).toEqual({ a: [0, 1], b: [] });
    expect(assigned([claim('a', 1, [0, 1]), claim('b', 2)], 3)).toEqual({ a: [0, 1], b: [2] });
  });

  it('do not move when they need not', () => {
    const claims = [claim('a', 1, [3]), claim('b', 2, [1])];
    expect(assigned(claims, 4)).toEqual({ a: [0, 3], b: [1, 2] });
  });

  it('are the one’s who was told last where two say they have them', () => {
    const claims = [claim('zombie', 1, [0, 1], 4), claim('heir', 2, [0, 1], 5)];
    expect(assigned(claims, 2)).toEqual({ zombie: [], heir: [0] });
  });

  it('leave a member that is one too many without any', () => {
    const claims = [claim('a', 1, [0]), claim('b', 2, [1]), claim('c', 3)];
    expect(assigned(claims, 2)).toEqual({ a: [0], b: [1], c: [] });
  });

  it('are the same whoever decides: the order in which members are listed does not count', () => {
    const claims = [claim('a', 1, [2]), claim('b', 1), claim('c', 0, [0, 1, 3])];
    expect(assigned([...claims].reverse(), 5)).toEqual(assigned(claims, 5));
  });
});
