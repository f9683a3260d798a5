import type { Bar, List } from '@engine/contracts/api';
import { getJson, pathOf } from './get-json.js';

/** Enough to fill a screen and to scroll back a little. */
const PAGE = 600;
/** The most that one answer holds. */
const LONGEST = 5_000;

export interface BarPage {
  readonly bars: readonly Bar[];
  /** Asks for the page before it; undefined: there is none. */
  readonly older: string | undefined;
}

/** Bars of one symbol and interval, in pages. */
export class BarPages {
  constructor(
    private readonly symbol: string,
    private readonly interval: string,
  ) {}

  /** The newest page, or with `older` the one it names. */
  async newest(signal: AbortSignal, older?: string): Promise<BarPage> {
    const { items, next } = await this.#get({ order: 'desc', limit: PAGE, cursor: older }, signal);
    return { bars: items, older: next ?? undefined };
  }

  /** All bars that start at `from` (ms since the epoch) or later, if one answer holds them. */
  async since(from: number, signal: AbortSignal): Promise<readonly Bar[] | undefined> {
    const { items, next } = await this.#get({ from: new Date(from).toISOString(), limit: LONGEST }, signal);
    return next === null ? items : undefined;
  }

  #get(parameters: Record<string, string | number | undefined>, signal: AbortSignal): Promise<List<Bar>> {
    return getJson(
      pathOf('/api/bars', { symbol: this.symbol, interval: this.interval, ...parameters }),
      signal,
    );
  }
}
