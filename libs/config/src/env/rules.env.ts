import { parseBarIntervals } from '../bar-intervals.js';
import type { BarInterval } from '@engine/window';
import { Integer, OneOf } from '../variable-kinds.js';
import { RefuseWhen, Variable } from '../variable.js';

export type Calendar = 'equities' | 'crypto' | 'fx';

const DAY_MS = 86_400_000;

/** What decides verdicts and figures. */
export class RulesEnv {
  @Integer(1, 7 * DAY_MS)
  ALLOWED_LATENESS_MS = 120_000;

  @Integer(0, 7 * DAY_MS)
  @RefuseWhen(
    (env: RulesEnv) => env.MAX_FUTURE_MS >= env.ALLOWED_LATENESS_MS,
    'must be below ALLOWED_LATENESS_MS, else one clock that is ahead makes honest ticks late',
  )
  MAX_FUTURE_MS = 10_000;

  @Integer(1, DAY_MS)
  IDLE_MS = 30_000;

  @OneOf('never', 'content')
  DEDUP_WITHOUT_ID: 'never' | 'content' = 'never';

  @Integer(1, 10_000_000)
  MAX_SYMBOLS = 10_000;

  @Integer(1, 10_000)
  SILVER_ROWS = 5;

  @Integer(1, DAY_MS)
  WINDOW_MS = 60_000;

  @Integer(1, DAY_MS)
  @RefuseWhen(
    (env: RulesEnv) => env.WINDOW_SLIDE_MS > env.WINDOW_MS,
    'must not be above WINDOW_MS, else ticks between two windows count nowhere',
  )
  WINDOW_SLIDE_MS = 30_000;

  @Variable(
    'give intervals like 1s,1m,5m,1h,1d: <n>s, m, h or d that divide a day, none twice',
    parseBarIntervals,
  )
  BAR_INTERVALS: readonly BarInterval[] = parseBarIntervals('1s,1m,5m,1h,1d') ?? [];

  @OneOf('equities', 'crypto', 'fx')
  CALENDAR: Calendar = 'equities';
}
