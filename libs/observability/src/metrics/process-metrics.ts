import { collectDefaultMetrics } from 'prom-client';
import type { Registry } from 'prom-client';

const HOUR_MS = 3_600_000;
const MONITORED = ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'];

/**
 * prom-client's process metrics, without the figures of Node's event-loop delay monitor: it wakes the process every 10 ms
 * for ever, and an idle app must burn nothing. `nodejs_eventloop_lag_seconds`, measured at the scrape itself, stays.
 */
export function collectProcessMetrics(register: Registry): void {
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: HOUR_MS });
  for (const figure of MONITORED) register.removeSingleMetric(`nodejs_eventloop_lag_${figure}_seconds`);
}
