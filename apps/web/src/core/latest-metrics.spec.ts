import type { Metrics, MetricsEvent } from '@engine/contracts/api';
import { mergeMetrics, updateMetrics } from './latest-metrics.js';

const metrics = (symbol: string, second: number, ticks: number): Metrics =>
  ({ symbol, ticks, as_of: `2024-03-01T09:30:0${second}.000000Z` }) as Metrics;

it('of a list and of what is known, what holds up to the later time counts', () => {
  const known = mergeMetrics(new Map(), [metrics('AAPL', 3, 30), metrics('MSFT', 1, 10)]);
  const merged = mergeMetrics(known, [metrics('AAPL', 2, 20), metrics('MSFT', 2, 20)]);
  expect([...merged.values()].map(({ ticks }) => ticks)).toEqual([30, 20]);
});

it('a new symbol finds its place in the order', () => {
  const known = mergeMetrics(new Map(), [metrics('AAPL', 1, 1), metrics('MSFT', 1, 1)]);
  const updated = updateMetrics(known, [metrics('GOOGL', 1, 1) as MetricsEvent]);
  expect([...updated.keys()]).toEqual(['AAPL', 'GOOGL', 'MSFT']);
});
