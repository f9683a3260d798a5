import { GoldLane, goldSettings, SECOND, tick } from './testing.js';

/** What the newest message published: `A@60 r0 x1`, the clock it was closed at in seconds. */
function published(gold: GoldLane): string[] {
  return gold.bars.map(
    ({ symbol, start, revision, ticks, closed_at }) =>
      `${symbol}@${Number(start) / SECOND} r${revision} x${ticks} closed ${Number(closed_at) / SECOND}`,
  );
}

/** Lateness 120 s; A stands still at 90 s while B moves the lane on; A's first bar was closed at 240 s. */
function lagging(): GoldLane {
  return new GoldLane(goldSettings('1m', 120)).ticks(tick('A', 90, 5)).ticks(tick('B', 240, 1));
}

describe('revisions of a bar', () => {
  it('is final once the lane clock is at end + lateness, not a µs before', () => {
    const gold = new GoldLane(goldSettings('1m', 120)).ticks(tick('A', 90, 5));
    expect(published(gold.ticks(tick('B', 239.999999, 1)))).toEqual([]);
    expect(published(gold.ticks(tick('B', 240, 1)))).toEqual(['A@60 r0 x1 closed 240']);
  });

  it('has the tick that moves the clock in it before anything is closed', () => {
    const gold = new GoldLane(goldSettings('1m', 0)).ticks(tick('B', 300, 1));
    expect(published(gold.ticks(tick('A', 59, 1)))).toEqual(['A@0 r0 x1 closed 300']);
    expect(published(gold.ticks(tick('B', 360, 1)))).toEqual(['B@300 r0 x1 closed 360']);
  });

  it('is corrected 10 s of lane time after its last publication, once for all ticks until then', () => {
    const gold = lagging();
    expect(published(gold.ticks(tick('A', 100, 6), tick('A', 101, 7)))).toEqual([]);
    expect(published(gold.ticks(tick('B', 249.999999, 1)))).toEqual([]);
    expect(published(gold.ticks(tick('B', 250, 1)))).toEqual(['A@60 r1 x3 closed 250']);
    expect(gold.bars).toMatchObject([{ open: 5, close: 7, high: 7 }]);
    expect(published(gold.ticks(tick('A', 110, 1)))).toEqual([]);
    expect(published(gold.ticks(tick('B', 259.999999, 1)))).toEqual([]);
    expect(published(gold.ticks(tick('B', 260, 1)))).toEqual(['A@60 r2 x4 closed 260']);
    expect(published(gold.ticks(tick('B', 299, 1)))).toEqual([]);
  });

  it('is corrected at once when it was not published for 10 s', () => {
    const gold = lagging().ticks(tick('B', 255, 1));
    expect(published(gold.ticks(tick('A', 100, 6)))).toEqual(['A@60 r1 x2 closed 255']);
    expect(published(gold.ticks(tick('A', 100, 6)))).toEqual([]);
  });

  it('is corrected for the last time when its symbol is past end + lateness', () => {
    const gold = lagging().ticks(tick('A', 110, 6));
    expect(published(gold.ticks(tick('A', 239.999999, 1)))).toEqual([]);
    expect(published(gold.ticks(tick('A', 240, 1)))).toEqual(['A@60 r1 x2 closed 240']);
  });

  it('is corrected at a marker, also at one behind the clock, but not at one that is not above the last', () => {
    const gold = lagging().ticks(tick('A', 110, 6));
    expect(published(gold.marker(100))).toEqual(['A@60 r1 x2 closed 240']);
    gold.ticks(tick('A', 111, 6));
    expect(published(gold.marker(100))).toEqual([]);
    expect(published(gold.marker(99))).toEqual([]);
    expect(published(gold.marker(101))).toEqual(['A@60 r2 x3 closed 240']);
    expect(published(gold.marker(102))).toEqual([]);
  });

  it('is emitted as the row it has, with the state and the coordinate of the row it follows from', () => {
    const gold = lagging();
    const [final] = gold.output.emitted;
    expect(final).toEqual({
      type: 'bar',
      state: 'final',
      lane_offset: 1,
      lane_index: 0,
      ...gold.bars[0],
    });
    gold.ticks(tick('B', 241, 1), tick('A', 100, 6), tick('B', 250, 1));
    expect(gold.output.emitted).toEqual([
      { type: 'bar', state: 'corrected', lane_offset: 2, lane_index: 2, ...gold.bars[0] },
    ]);
  });

  it('is published for the last time when its symbol is let go, which starts anew when it comes back', () => {
    const gold = new GoldLane(goldSettings('1m', 0, 2)).ticks(tick('A', 0, 1)).ticks(tick('B', 86_400, 1));
    expect(published(gold.ticks(tick('A', 0, 2)))).toEqual([]);
    expect(published(gold.ticks(tick('C', 86_401, 1)))).toEqual(['A@0 r1 x2 closed 86400']);
    expect(gold.state.symbols.get('A')).toBeUndefined();
    gold.marker(3 * 86_400);
    expect(gold.metrics.slice(-2).map(({ symbol }) => symbol)).toEqual(['B', 'C']);
    gold.ticks(tick('A', 3 * 86_400, 9)).marker(4 * 86_400);
    expect(gold.metrics.at(-1)).toMatchObject({ symbol: 'A', ticks: 1 });
  });
});
