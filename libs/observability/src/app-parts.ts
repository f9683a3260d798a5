import type { HealthCheck } from './health/health-check.js';
import type { EngineMetrics } from './metrics/engine-metrics.js';

export const APP_PARTS = Symbol('parts of an app that can be observed');

/** What an app shows of itself. */
export interface AppParts {
  readonly metrics: EngineMetrics;
  readonly readiness: readonly HealthCheck[];
  /** What only a restart can heal. Default: nothing but that the process answers. */
  readonly liveness?: readonly HealthCheck[];
}
