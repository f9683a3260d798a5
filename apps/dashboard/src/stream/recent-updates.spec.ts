import fc from 'fast-check';
import { updateKey } from '@engine/contracts';
import type { GoldUpdate } from '@engine/medallion';
import { barUpdate, MINUTE_US, openBar, OPENING_US } from '../testing/rows.js';
import { RecentUpdates, supersedes } from './recent-updates.js';

const LANES = 2;

/** A bar of one of a few minutes, open or published, based on an earlier or later row: they come in any order. */
const update = fc
  .record({
    minute: fc.integer({ min: 0, max: 5 }),
    lane_offset: fc.integer({ min: 0, max: 20 }),
    revision: fc.integer({ min: 0, max: 2 }),
    isOpen: fc.boolean(),
  })
  .map(({ minute, isOpen, ...rest }): GoldUpdate => {
    const start = OPENING_US + minute * MINUTE_US;
    const close = rest.lane_offset + 1;
    return isOpen ? openBar({ start, close, ...rest }) : barUpdate({ start, close, ...rest });
  });
const heard = fc.array(fc.tuple(update, fc.integer({ min: 0, max: LANES - 1 })), { maxLength: 60 });

/** What a reader holds who was told all of it, by the rule of the stream. */
function stateOf(
  updates: readonly GoldUpdate[],
  state = new Map<string, GoldUpdate>(),
): Map<string, GoldUpdate> {
  for (const one of updates) {
    const known = state.get(updateKey(one));
    if (known === undefined || supersedes(one, known)) state.set(updateKey(one), one);
  }
  return state;
}

describe('RecentUpdates', () => {
  it('brings whoever comes back to where it would be, had it stayed', () => {
    fc.assert(
      fc.property(heard, fc.nat(60), fc.integer({ min: 1, max: 8 }), (all, leftAt, maxKeys) => {
        const recent = new RecentUpdates(LANES, maxKeys);
        const offsets = [0, 0];
        const add = ([one, lane]: (typeof all)[number]): void => {
          recent.add(one, lane, offsets[lane]!++);
        };
        const before = all.slice(0, leftAt);
        before.forEach(add);
        const left = recent.position;
        all.slice(leftAt).forEach(add);
        const missed = recent.since(left);
        if (missed === undefined) return maxKeys < 6;
        const back = stateOf(missed, stateOf(before.map(([one]) => one)));
        expect(back).toEqual(stateOf(all.map(([one]) => one)));
        return true;
      }),
      { numRuns: 2000, seed: 7 },
    );
  });

  it('says so when it cannot tell any more', () => {
    const recent = new RecentUpdates(LANES, 2);
    const left = recent.position;
    [0, 1, 2].forEach((minute) => {
      recent.add(openBar({ start: OPENING_US + minute * MINUTE_US }), 0, minute);
    });
    expect(recent.since(left)).toBeUndefined();
    expect(recent.since([1, 0])).toHaveLength(2);
    expect(recent.since([3, 0])).toEqual([]);
    expect(recent.since([4, 0])).toBeUndefined();
  });

  it('begins where the log was begun to be read', () => {
    const recent = new RecentUpdates(LANES);
    recent.add(openBar(), 0, 1000);
    expect(recent.since([999, 0])).toBeUndefined();
    expect(recent.since([1000, 0])).toHaveLength(1);
  });
});
