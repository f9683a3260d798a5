import type { Bar } from '@engine/contracts/api';

/** A closed bar of AAPL that starts in the given second of 1970, but for what the test says. Its close is 100 + second. */
export const barAt = (second: number, differently: Partial<Bar> = {}): Bar => ({
  symbol: 'AAPL',
  interval: '1s',
  start: new Date(second * 1_000).toISOString(),
  revision: 0,
  open: 100,
  high: 200,
  low: 50,
  close: 100 + second,
  volume: 10,
  vwap: 100,
  ticks: 4,
  first_offset: 0,
  last_offset: 3,
  closed_at: null,
  state: 'final',
  ...differently,
});
