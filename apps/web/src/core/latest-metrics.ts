import type { Metrics, MetricsEvent } from '@engine/contracts/api';

/** By symbol. */
export type LatestMetrics = ReadonlyMap<string, Metrics>;

/** A list that was fetched does not say on which tick it is based: what holds up to the later time counts. */
export function mergeMetrics(known: LatestMetrics, listed: readonly Metrics[]): LatestMetrics {
  const merged = new Map(known);
  for (const metrics of listed) {
    const before = merged.get(metrics.symbol);
    if (before === undefined || metrics.as_of >= before.as_of) merged.set(metrics.symbol, metrics);
  }
  return inOrder(merged);
}

export function updateMetrics(known: LatestMetrics, events: readonly MetricsEvent[]): LatestMetrics {
  const merged = new Map(known);
  for (const event of events) merged.set(event.symbol, event);
  return merged.size === known.size ? merged : inOrder(merged);
}

const inOrder = (metrics: LatestMetrics): LatestMetrics =>
  new Map([...metrics].sort(([one], [other]) => (one < other ? -1 : 1)));
