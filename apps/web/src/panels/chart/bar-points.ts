import type { Bar } from '@engine/contracts/api';
import type {
  CandlestickData,
  HistogramData,
  LineData,
  UTCTimestamp,
  WhitespaceData,
} from 'lightweight-charts';
import type { BandPoint } from '../../core/bars/rolling-band.js';

/** ms since the epoch as the chart's time, s. Bars start at whole seconds. */
export const chartTime = (startMs: number): UTCTimestamp => (startMs / 1_000) as UTCTimestamp;

export const candle = (
  time: UTCTimestamp,
  { open, high, low, close }: Bar,
): CandlestickData<UTCTimestamp> => ({
  time,
  open,
  high,
  low,
  close,
});

export const closePoint = (time: UTCTimestamp, { close }: Bar): LineData<UTCTimestamp> => ({
  time,
  value: close,
});

/** No column where no tick had a size. */
export const volumePoint = (
  time: UTCTimestamp,
  { volume }: Bar,
): HistogramData<UTCTimestamp> | WhitespaceData<UTCTimestamp> =>
  volume === null ? { time } : { time, value: volume };

export interface BandData {
  readonly time: UTCTimestamp;
  readonly sma: number;
  readonly upper: number;
  readonly lower: number;
}

/** The band is as wide as nothing where there is no deviation yet. */
export const bandData = (time: UTCTimestamp, { sma, volatility }: BandPoint): BandData => ({
  time,
  sma,
  upper: sma + (volatility ?? 0),
  lower: sma - (volatility ?? 0),
});
