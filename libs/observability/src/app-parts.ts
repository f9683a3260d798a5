import type { ReadinessCheck } from './health/readiness-check.js';
import type { EngineMetrics } from './metrics/engine-metrics.js';

export const APP_PARTS = Symbol('parts of an app that can be observed');

/** What an app shows of itself. */
export interface AppParts {
  readonly metrics: EngineMetrics;
  readonly readiness: readonly ReadinessCheck[];
}
