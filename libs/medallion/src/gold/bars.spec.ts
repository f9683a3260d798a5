import { DAY, GoldLane, goldSettings, SECOND, tick } from './testing.js';

const lane = (intervals = '1m', lateness = 0): GoldLane => new GoldLane(goldSettings(intervals, lateness));

describe('bars', () => {
  it('have open, high, low, close, volume, vwap, ticks, offsets and the clock they were closed at', () => {
    const gold = lane('1m', 10);
    gold.ticks(tick('A', 60, 100, 1), tick('A', 61, 104, 2)).ticks(tick('A', 62, 98, 1), tick('B', 63, 7, 9));
    gold.ticks(tick('A', 119.999999, 101, 4)).marker(130.5);
    expect(gold.bars[0]).toEqual({
      symbol: 'A',
      interval: '1m',
      start: 60 * SECOND,
      revision: 0,
      open: 100,
      high: 104,
      low: 98,
      close: 101,
      volume: 8,
      vwap: (100 + 208 + 98 + 404) / 8,
      ticks: 4,
      first_offset: 0,
      last_offset: 2,
      closed_at: 130.5 * SECOND,
    });
    expect(gold.bars[1]).toMatchObject({ symbol: 'B', ticks: 1, open: 7, close: 7, last_offset: 1 });
  });

  it('come for every interval, each aligned to the epoch: a tick at an end belongs to the next bar', () => {
    const gold = lane('1s,1m,5m,1h,1d')
      .ticks(tick('A', 3599.5, 1))
      .ticks(tick('A', 3600, 2))
      .marker(86_400);
    expect(gold.bars.map(({ interval, start, ticks }) => [interval, Number(start) / SECOND, ticks])).toEqual([
      ['1s', 3600, 1],
      ['1m', 3600, 1],
      ['5m', 3600, 1],
      ['1h', 3600, 1],
      ['1d', 0, 2],
    ]);
  });

  it('open and close by event time, at equal times by lane offset, then by lane index', () => {
    const gold = lane('1m', 10);
    gold
      .ticks(tick('A', 5, 50), tick('A', 3, 31), tick('A', 3, 32))
      .ticks(tick('A', 3, 33), tick('A', 5, 51));
    gold
      .ticks(tick('A', 4, 99), tick('A', 5, 52))
      .ticks(tick('A', 4, 98))
      .marker(100);
    expect(gold.bars[0]).toMatchObject({ open: 31, close: 52, high: 99, low: 31, ticks: 8 });
  });

  it('count ticks out of order, also one that comes to open a bar behind the newest', () => {
    const gold = lane('1m', 120)
      .ticks(tick('A', 70, 2, 5))
      .ticks(tick('A', 59, 1, 3))
      .marker(300);
    expect(gold.bars.map(({ start, open, volume }) => [Number(start) / SECOND, open, volume])).toEqual([
      [0, 1, 3],
      [60, 2, 5],
    ]);
  });

  it.each([
    ['no tick has a size', [null, null], null, null],
    ['all sizes are 0', [0, 0], 0, null],
    ['some ticks have a size', [null, 4], 4, 11],
    ['one size is 0', [0, 4], 4, 11],
  ])('know volume and vwap when %s', (_, [first, second], volume, vwap) => {
    const gold = lane()
      .ticks(tick('A', 1, 10, first ?? null), tick('A', 2, 11, second ?? null))
      .marker(60);
    expect(gold.bars).toMatchObject([{ volume, vwap }]);
  });

  it('are not there where no tick was', () => {
    const gold = lane()
      .ticks(tick('A', 1, 10))
      .ticks(tick('A', 1000, 10))
      .marker(100_000);
    expect(gold.bars.map(({ start }) => start)).toEqual([960 * SECOND]);
    expect(gold.marker(200_000).bars).toEqual([]);
  });

  it.each(['1970-01-01', '2024-02-29', '2254-12-31'])('know the day %s', (date) => {
    const start = Date.parse(date) * 1000;
    const gold = lane('1s,1d').ticks({ symbol: 'A', eventTimeUs: start, price: 1 });
    gold.ticks({ symbol: 'A', eventTimeUs: start + DAY - 1, price: 2 });
    expect(gold.bars).toMatchObject([{ interval: '1s', start, closed_at: start + DAY - 1 }]);
    gold.marker((start + DAY) / SECOND);
    expect(gold.bars).toMatchObject([
      { interval: '1d', start, open: 1, close: 2, ticks: 2, closed_at: start + DAY },
      { interval: '1s', start: start + DAY - SECOND, open: 2, ticks: 1 },
    ]);
  });

  it('keep symbols of 1 and of 32 characters apart', () => {
    const names = ['A', 'A'.repeat(32)];
    const gold = lane().ticks(...names.map((name, at) => tick(name, 1, at + 1)));
    expect(gold.marker(60).bars.map(({ symbol, open }) => [symbol, open])).toEqual([
      [names[0], 1],
      [names[1], 2],
    ]);
  });
});
