import { TableBuilder } from '../columns.js';
import type { LayerOutput } from '../layer.js';
import { goldBars, goldMetrics } from '../tables.js';
import type { BarUpdate, GoldUpdate, MetricsUpdate } from './update.js';

/** What follows from the records of one `apply`: rows of gold's tables, the same as updates, the ledger. */
export class GoldRows {
  readonly #bars = new TableBuilder(goldBars);
  readonly #metrics = new TableBuilder(goldMetrics);
  readonly #emitted: GoldUpdate[] = [];
  #accepted = 0;

  accepted(ticks: number): void {
    this.#accepted += ticks;
  }

  bar(update: BarUpdate): void {
    this.#emitted.push(update);
    const row = this.#bars.columns;
    row.symbol.push(update.symbol);
    row.interval.push(update.interval);
    row.start.push(update.start);
    row.revision.push(update.revision);
    row.open.push(update.open);
    row.high.push(update.high);
    row.low.push(update.low);
    row.close.push(update.close);
    row.volume.push(update.volume);
    row.vwap.push(update.vwap);
    row.ticks.push(update.ticks);
    row.first_offset.push(update.first_offset);
    row.last_offset.push(update.last_offset);
    row.closed_at.push(update.closed_at);
  }

  metrics(update: MetricsUpdate): void {
    this.#emitted.push(update);
    const row = this.#metrics.columns;
    row.symbol.push(update.symbol);
    row.as_of.push(update.as_of);
    row.ticks.push(update.ticks);
    row.last_price.push(update.last_price);
    row.avg_sma.push(update.avg_sma);
    row.avg_volatility.push(update.avg_volatility);
    row.vwap.push(update.vwap);
    row.volume.push(update.volume);
    row.high.push(update.high);
    row.low.push(update.low);
    row.realized_volatility.push(update.realized_volatility);
    row.max_drawdown.push(update.max_drawdown);
  }

  take(): LayerOutput<GoldUpdate> {
    return {
      tables: [this.#bars.take(), this.#metrics.take()].filter(({ rows }) => rows > 0),
      emitted: this.#emitted,
      verdicts: new Map(this.#accepted > 0 ? [['accepted', this.#accepted]] : []),
    };
  }
}
