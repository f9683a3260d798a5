import { DAY_US } from '@engine/window';
import { Injectable } from '@nestjs/common';
import { GrowingTable } from '../lake/growing-table.js';
import { LakeView } from '../lake/lake-view.js';
import { LiveGold } from '../live/live-gold.js';
import { addDay } from './symbol-days.js';
import type { RecentDays, SymbolDay } from './symbol-days.js';
import { quoteOf } from './symbol-quote.js';
import type { LiveQuote, SymbolQuote } from './symbol-quote.js';

const POSITION = '(t.event_time, lane_offset, lane_index)';

const daysSql = (where: string): string => `
  SELECT symbol, epoch_us(t.event_time) // ${DAY_US} AS "day",
    epoch_us(min(t.event_time)) AS "firstUs", arg_min(price, ${POSITION}) AS "first",
    epoch_us(max(t.event_time)) AS "lastUs", arg_max(price, ${POSITION}) AS "last"
  FROM silver_ticks AS t WHERE verdict = 'accepted' AND ${where} GROUP BY 1, 2 ORDER BY 1, 2`;

/** What every symbol costs now. */
@Injectable()
export class SymbolsService {
  readonly #days = new Map<string, RecentDays>();
  readonly #ticks: GrowingTable;

  constructor(
    lake: LakeView,
    private readonly live: LiveGold,
  ) {
    this.#ticks = new GrowingTable(
      lake,
      { name: 'silver/ticks', offset: 'lane_offset' },
      {
        sql: daysSql,
        add: (rows) => {
          for (const row of rows as unknown as readonly (SymbolDay & { symbol: string })[])
            this.#days.set(row.symbol, addDay(this.#days.get(row.symbol), row));
        },
        clear: () => {
          this.#days.clear();
        },
      },
    );
  }

  /** In the order of the symbols. */
  async quotes(): Promise<readonly SymbolQuote[]> {
    await this.#ticks.update();
    const symbols = new Set([...this.#days.keys(), ...this.live.newestBars.keys()]);
    return [...symbols]
      .sort((one, other) => (one < other ? -1 : 1))
      .flatMap((symbol) => quoteOf(symbol, this.#days.get(symbol), this.#liveQuote(symbol)) ?? []);
  }

  #liveQuote(symbol: string): LiveQuote | undefined {
    const bar = this.live.newestBars.get(symbol);
    if (bar === undefined) return undefined;
    const midnightUs = Math.floor(bar.start / DAY_US) * DAY_US;
    const sameDay = [...this.live.bars(symbol, bar.interval).values()].filter(
      ({ start }) => start >= midnightUs,
    );
    const [earliest] = sameDay.sort((one, other) => one.start - other.start);
    const dayOpen =
      earliest?.provisional?.open ?? earliest?.published.values().next().value?.open ?? bar.open;
    return { bar, dayOpen, asOfUs: this.live.metrics.get(symbol)?.as_of };
  }
}
