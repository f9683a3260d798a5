import { barUpdate, MINUTE_US, openBar, OPENING_US } from '../testing/rows.js';
import { LiveGold } from './live-gold.js';

const LANE = 2;

const told = (...updates: Parameters<LiveGold['apply']>[0][]): LiveGold => {
  const live = new LiveGold();
  for (const update of updates) live.apply(update, LANE);
  return live;
};

const barOf = (
  live: LiveGold,
): { provisional: number | undefined; published: readonly number[] } | undefined => {
  const bar = live.bars('AAPL', '1m').get(OPENING_US);
  return (
    bar && {
      provisional: bar.provisional?.close,
      published: [...bar.published.values()].map(({ close }) => close),
    }
  );
};

describe('LiveGold', () => {
  it('goes by the highest row of the lane, whatever comes last', () => {
    const newer = openBar({ close: 2, lane_offset: 5, lane_index: 1 });
    const older = openBar({ close: 1, lane_offset: 5, lane_index: 0 });
    expect(barOf(told(older, newer))).toEqual({ provisional: 2, published: [] });
    expect(barOf(told(newer, older))).toEqual({ provisional: 2, published: [] });
  });

  it('ends a forming bar with its revision, and does not let an old update open it again', () => {
    const late = openBar({ close: 7, lane_offset: 99 });
    expect(barOf(told(openBar({ close: 1 }), barUpdate({ close: 2 }), late))).toEqual({
      provisional: undefined,
      published: [2],
    });
  });

  it('shows that a closed bar will be corrected', () => {
    const dirty = openBar({ revision: 1, close: 3, lane_offset: 9 });
    expect(barOf(told(barUpdate({ close: 2 }), dirty))).toEqual({ provisional: 3, published: [2] });
  });

  it('lets go of what the lake holds: published before its clock, not at it', () => {
    const live = told(barUpdate());
    const closedAt = OPENING_US + 3 * MINUTE_US;
    live.forgetPublished(new Map([[LANE, closedAt]]));
    expect([live.waiting, barOf(live)?.published]).toEqual([1, [101]]);
    live.forgetPublished(new Map([[LANE + 1, closedAt + 1]]));
    expect(live.waiting).toBe(1);
    live.forgetPublished(new Map([[LANE, closedAt + 1]]));
    expect([live.waiting, barOf(live)]).toEqual([0, undefined]);
  });

  it('keeps nothing of a published bar that the lake holds already', () => {
    const live = told();
    live.forgetPublished(new Map([[LANE, OPENING_US + 60 * MINUTE_US]]));
    live.apply(openBar(), LANE);
    live.apply(barUpdate(), LANE);
    expect(barOf(live)).toBeUndefined();
  });

  it('knows the newest bar of the shortest interval', () => {
    const live = told(
      openBar({ interval: '1h', start: OPENING_US }),
      openBar({ interval: '1m', start: OPENING_US + MINUTE_US, close: 5 }),
      openBar({ interval: '1m', start: OPENING_US, lane_offset: 99 }),
      openBar({ interval: '5m', start: OPENING_US + 60 * MINUTE_US }),
    );
    expect(live.newestBars.get('AAPL')).toMatchObject({ interval: '1m', close: 5 });
  });
});
