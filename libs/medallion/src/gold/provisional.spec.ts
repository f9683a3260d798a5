import { allProvisional, takeProvisional } from './provisional.js';
import { GoldLane, goldSettings, SECOND, tick } from './testing.js';
import type { GoldUpdate } from './update.js';

const shown = (updates: Iterable<GoldUpdate>): string[] =>
  [...updates].map((update) =>
    update.type === 'metrics'
      ? `metrics ${update.symbol} x${update.ticks} as of ${update.as_of / SECOND}`
      : `${update.state} ${update.symbol} ${update.interval}@${update.start / SECOND} r${update.revision} x${update.ticks}`,
  );

const lane = (intervals = '1m'): GoldLane => new GoldLane(goldSettings(intervals, 120));

describe('takeProvisional', () => {
  it('tells what got ticks since the last call, once', () => {
    const { state } = lane('1s,1m').ticks(tick('A', 1, 10), tick('B', 1, 10), tick('A', 2, 11));
    expect(shown(takeProvisional(state)).sort()).toEqual([
      'metrics A x2 as of 2',
      'metrics B x1 as of 1',
      'provisional A 1m@0 r0 x2',
      'provisional A 1s@1 r0 x1',
      'provisional A 1s@2 r0 x1',
      'provisional B 1m@0 r0 x1',
      'provisional B 1s@1 r0 x1',
    ]);
    expect(takeProvisional(state)).toEqual([]);
  });

  it('tells of a tick out of order the bar it fell into, and none between', () => {
    const gold = lane('1s').ticks(tick('A', 1, 10), tick('A', 2, 10), tick('A', 3, 10));
    takeProvisional(gold.state);
    gold.ticks(tick('A', 1, 9));
    expect(shown(takeProvisional(gold.state))).toEqual(['provisional A 1s@1 r0 x2', 'metrics A x4 as of 3']);
  });

  it('has the values, no closing time, and the coordinate of the newest row of the lane', () => {
    const gold = lane()
      .ticks(tick('A', 1, 10, 2))
      .ticks(tick('B', 1, 10), tick('A', 2, 12, 2));
    expect(takeProvisional(gold.state)[0]).toEqual({
      type: 'bar',
      state: 'provisional',
      lane_offset: 1,
      lane_index: 1,
      symbol: 'A',
      interval: '1m',
      start: 0,
      revision: 0,
      open: 10,
      high: 12,
      low: 10,
      close: 12,
      volume: 4,
      vwap: 11,
      ticks: 2,
      first_offset: 0,
      last_offset: 1,
      closed_at: null,
    });
  });

  it('leaves out what was published since it got its ticks, tells a dirty bar with the revision it will have', () => {
    const gold = lane()
      .ticks(tick('A', 90, 5))
      .ticks(tick('B', 240, 1));
    expect(shown(takeProvisional(gold.state))).toEqual([
      'provisional B 1m@240 r0 x1',
      'metrics B x1 as of 240',
    ]);
    gold.ticks(tick('A', 91, 5));
    expect(shown(takeProvisional(gold.state))).toEqual([
      'provisional A 1m@60 r1 x2',
      'metrics A x2 as of 91',
    ]);
    gold.ticks(tick('A', 92, 5)).marker(241);
    expect(takeProvisional(gold.state)).toEqual([]);
  });

  it('forgets a symbol that was let go', () => {
    const gold = new GoldLane(goldSettings('1m', 0, 1)).ticks(tick('A', 0, 1)).marker(86_400);
    gold.ticks(tick('A', 0, 1)).ticks(tick('B', 86_400, 1));
    expect(shown(takeProvisional(gold.state))).toEqual([
      'provisional B 1m@86400 r0 x1',
      'metrics B x1 as of 86400',
    ]);
  });
});

describe('allProvisional', () => {
  it('tells every open or dirty bar and the metrics of every symbol, however often', () => {
    const gold = lane()
      .ticks(tick('A', 1, 10), tick('A', 90, 5))
      .ticks(tick('B', 240, 1))
      .ticks(tick('A', 91, 5));
    gold.ticks(tick('C', 10, 1));
    takeProvisional(gold.state);
    const all = [
      'provisional A 1m@60 r1 x2',
      'metrics A x3 as of 91',
      'provisional B 1m@240 r0 x1',
      'metrics B x1 as of 240',
      'metrics C x1 as of 10',
    ];
    expect(shown([...allProvisional(gold.state)].flat())).toEqual(all);
    expect(shown([...allProvisional(gold.state)].flat())).toEqual(all);
  });

  it('tells of each symbol how it stands when its turn comes, and nothing of one that has gone', () => {
    const gold = new GoldLane(goldSettings('1m', 0, 2)).ticks(tick('A', 1, 10), tick('B', 2, 5));
    const symbols = allProvisional(gold.state);
    expect(shown(symbols.next().value ?? [])).toEqual(['provisional A 1m@0 r0 x1', 'metrics A x1 as of 1']);
    gold.ticks(tick('B', 3, 6));
    expect(shown(symbols.next().value ?? [])).toEqual(['provisional B 1m@0 r0 x2', 'metrics B x2 as of 3']);
    const others = allProvisional(gold.state);
    expect(others.next().done).toBe(false);
    gold.marker(90_000).ticks(tick('C', 90_000, 1), tick('D', 90_000, 1));
    expect(others.next().done).toBe(true);
  });
});
