import { topicNames } from '@engine/contracts';
import type { GoldSettings, SilverSettings } from '@engine/medallion';
import type { OracleSettings } from '@engine/oracle';
import { parseBarInterval } from '@engine/window';

export const topics = topicNames();
export const LANES = 2;
export const RULES = 'simulated';
/** How long a lane must be quiet before silver lets time pass in it. */
export const IDLE_MS = 1_000;

/** Short, so that everything closes, is late and is corrected within the seconds of a simulated market. */
export const settings: SilverSettings & GoldSettings = {
  allowedLatenessUs: 5_000_000,
  maxFutureUs: 2_000_000,
  silverRows: 5,
  windowUs: 4_000_000,
  windowSlideUs: 2_000_000,
  barIntervals: ['1s', '1m'].map((name) => parseBarInterval(name)),
  maxSymbols: 100,
  dedupWithoutId: 'never',
};

/** The same, as the oracle has it. */
export const oracleSettings: OracleSettings = {
  allowedLatenessUs: 5_000_000,
  maxFutureUs: 2_000_000,
  silverRows: 5,
  windowUs: 4_000_000,
  slideUs: 2_000_000,
  intervals: { '1s': 1_000_000, '1m': 60_000_000 },
};
