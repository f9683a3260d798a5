export const INTERVALS = ['1s', '1m', '5m', '1h', '1d'] as const;
export type ChartStyle = 'candles' | 'line';

/** What the page shows; it stands in the address, so that a view can be kept and sent. */
export interface Selection {
  /** undefined: the first of the watch list. */
  readonly symbol: string | undefined;
  readonly interval: string;
  readonly style: ChartStyle;
}

const INTERVAL = /^[1-9]\d{0,5}[smhd]$/;

/** Of an address's query; what it does not say, or says wrongly, is the default: one-second candles. */
export function parseSelection(query: string): Selection {
  const parameters = new URLSearchParams(query);
  const interval = parameters.get('interval') ?? '';
  return {
    symbol: parameters.get('symbol') ?? undefined,
    interval: INTERVAL.test(interval) ? interval : '1s',
    style: parameters.get('style') === 'line' ? 'line' : 'candles',
  };
}

export function queryOf({ symbol, interval, style }: Selection): string {
  const parameters = new URLSearchParams();
  if (symbol !== undefined) parameters.set('symbol', symbol);
  parameters.set('interval', interval);
  if (style !== 'candles') parameters.set('style', style);
  return `?${parameters.toString()}`;
}
