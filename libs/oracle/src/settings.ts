/** What the oracles need to know of the engine's settings. Times in µs. */
export interface OracleSettings {
  readonly allowedLatenessUs: number;
  readonly maxFutureUs: number;
  readonly silverRows: number;
  readonly windowUs: number;
  readonly slideUs: number;
  /** Length by name: `1m` is 60,000,000. */
  readonly intervals: Readonly<Record<string, number>>;
}

export const DAY_US = 86_400_000_000;

export const defaultSettings: OracleSettings = {
  allowedLatenessUs: 120_000_000,
  maxFutureUs: 10_000_000,
  silverRows: 5,
  windowUs: 60_000_000,
  slideUs: 30_000_000,
  intervals: { '1s': 1_000_000, '1m': 60_000_000, '5m': 300_000_000, '1h': 3_600_000_000, '1d': DAY_US },
};
