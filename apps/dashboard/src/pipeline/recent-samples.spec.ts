import { RecentSamples } from './recent-samples.js';

describe('RecentSamples', () => {
  it('knows the percentiles of the last 10 s, by nearest rank', () => {
    const samples = new RecentSamples();
    samples.add(9999, 0);
    for (let value = 200; value >= 1; value--) samples.add(value, 5000);
    expect(samples.latency(10_000)).toEqual({ p50Ms: 100, p99Ms: 198, samples: 200 });
    expect(samples.latency(15_000)).toBeNull();
  });

  it('knows the rate', () => {
    const samples = new RecentSamples();
    samples.add(30, 1000);
    samples.add(20, 9000);
    expect(samples.perSecond(10_000)).toBe(5);
    expect(samples.perSecond(11_000)).toBe(2);
    expect(samples.perSecond(19_000)).toBe(0);
  });

  it('stays bounded, and keeps the newest', () => {
    const samples = new RecentSamples();
    for (let value = 0; value < 100_000; value++) samples.add(value, 1);
    expect(samples.latency(2)).toEqual({ p50Ms: 89_999, p99Ms: 99_799, samples: 20_000 });
  });
});
