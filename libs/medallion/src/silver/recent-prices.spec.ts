import { meanAndDeviation } from '@engine/window';

import { RecentPrices } from './recent-prices.js';

it.each([1, 5, 16, 40])('describes the last %d of many prices, from snapshots too', (rows) => {
  let recent = new RecentPrices(rows);
  const prices: number[] = [];
  expect(recent.last).toBeUndefined();
  for (let i = 0; i < 200; i++) {
    prices.push(100 + Math.sin(i));
    recent.add(prices[i]!);
    const last = prices.slice(-rows);
    const wanted = meanAndDeviation(last, 0, last.length, { mean: 0, deviation: null });
    expect(recent.describe({ mean: 0, deviation: null })).toEqual(wanted);
    expect(recent.last).toBe(prices[i]);
    if (i % 7 === 0) recent = RecentPrices.restore(rows, recent.snapshot());
    expect(recent.describe({ mean: 0, deviation: null })).toEqual(wanted);
  }
});
