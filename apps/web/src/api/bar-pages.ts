import type { Bar, List } from '@engine/contracts/api';
import { getJson, pathOf } from './get-json.js';

/** Enough to fill a screen and to scroll back a little. */
const PAGE = 600;
/** The most that one answer holds. */
const LONGEST = 5_000;

export interface BarPage {
  readonly bars: readonly Bar[];
  readonly hasOlder: boolean;
}

/** Bars of one symbol and interval, in pages. */
export class BarPages {
  constructor(
    private readonly symbol: string,
    private readonly interval: string,
  ) {}

  /** The newest page; with `before` (ms since the epoch), of the bars that start earlier. */
  async newest(signal: AbortSignal, before?: number): Promise<BarPage> {
    const to = before === undefined ? undefined : new Date(before).toISOString();
    const { items, next } = await this.#get({ order: 'desc', limit: PAGE, to }, signal);
    return { bars: items, hasOlder: next !== null };
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
