import type { BarInterval } from '@engine/window';
import { RulesEnv } from './env/rules.env.js';
import type { Calendar } from './env/rules.env.js';
import type { EnvironmentReader } from './read-env.js';

const US_PER_MS = 1000;

/** What decides verdicts and figures; definitions in the field names' terms. Times ending in Us are µs, in Ms ms. */
export interface RulesConfig {
  readonly allowedLatenessUs: number;
  readonly maxFutureUs: number;
  /** How long a lane must be silent before time is marked in it. */
  readonly idleMs: number;
  /** Rows of the rolling mean and deviation. */
  readonly silverRows: number;
  readonly windowUs: number;
  readonly windowSlideUs: number;
  readonly barIntervals: readonly BarInterval[];
  /** Per lane. */
  readonly maxSymbols: number;
  readonly dedupWithoutId: 'never' | 'content';
  readonly calendar: Calendar;
}

/** Reads the rules. Its values are not to be used before `reader.assertValid()` has passed. */
export function readRules(reader: EnvironmentReader): RulesConfig {
  const env = reader.read(RulesEnv);
  return {
    allowedLatenessUs: env.ALLOWED_LATENESS_MS * US_PER_MS,
    maxFutureUs: env.MAX_FUTURE_MS * US_PER_MS,
    idleMs: env.IDLE_MS,
    silverRows: env.SILVER_ROWS,
    windowUs: env.WINDOW_MS * US_PER_MS,
    windowSlideUs: env.WINDOW_SLIDE_MS * US_PER_MS,
    barIntervals: env.BAR_INTERVALS,
    maxSymbols: env.MAX_SYMBOLS,
    dedupWithoutId: env.DEDUP_WITHOUT_ID,
    calendar: env.CALENDAR,
  };
}
