import type { FieldsToMessage } from './csv.js';

/** The first columns by which Yahoo's streaming quotes are known, and the one that makes sizes. */
export const YAHOO_COLUMNS = ['timestamp', 'id', 'exchange', 'quoteType', 'price', 'dayVolume'] as const;

/**
 * Yahoo's streaming quotes. `id` is the ticker; `dayVolume` counts the shares since the day began, so a row's size is the
 * ticker's increase: null on its first row and where the count falls. The vendor's other columns are passed on.
 */
export function yahooTicks(header: readonly string[]): FieldsToMessage {
  const sizes = new DayVolumes();
  return (fields) => {
    const row = new Map(header.map((name, i) => [name.trim(), fields[i] ?? '']));
    const ticker = row.get('id') ?? '';
    const size = sizes.increase(ticker, row.get('dayVolume') ?? '');
    row.delete('id');
    const vendor = [...row].filter(([, value]) => value !== '');
    return JSON.stringify({ ticker, ...Object.fromEntries(vendor), size, source: 'yahoo' });
  };
}

class DayVolumes {
  readonly #newest = new Map<string, number>();

  /** Shares since the ticker's row before, null where that is not known. */
  increase(ticker: string, dayVolume: string): number | null {
    const volume = dayVolume === '' ? NaN : Number(dayVolume);
    if (!Number.isFinite(volume)) return null;
    const before = this.#newest.get(ticker);
    this.#newest.set(ticker, volume);
    return before === undefined || volume < before ? null : volume - before;
  }
}
