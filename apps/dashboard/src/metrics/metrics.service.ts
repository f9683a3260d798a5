import { goldMetrics } from '@engine/medallion';
import type { BasedOn, MetricsUpdate } from '@engine/medallion';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { LakeView } from '../lake/lake-view.js';
import { columnList } from '../lake/sql.js';
import { LiveGold } from '../live/live-gold.js';

/** Of what the updates have told already, the lake's rows are never needed soon. */
const RELOAD_MS = 10_000;

/** A row of gold/metrics; times in µs since the epoch. */
export type MetricsRow = Omit<MetricsUpdate, 'type' | keyof BasedOn>;

const NEWEST = `SELECT ${columnList(goldMetrics)} FROM gold_metrics AS m
  QUALIFY row_number() OVER (PARTITION BY symbol ORDER BY ticks DESC, m.as_of DESC) = 1`;

/** The newest metrics of every symbol, from the lake and the updates: those that count more ticks. */
@Injectable()
export class MetricsService {
  #stored: ReadonlyMap<string, MetricsRow> = new Map();
  #loadedAt = -Infinity;

  constructor(
    private readonly lake: LakeView,
    private readonly live: LiveGold,
    private readonly clock: Clock,
  ) {}

  /** By symbol, in the order of the symbols. */
  async newest(): Promise<readonly MetricsRow[]> {
    await this.#load();
    const newest = new Map(this.#stored);
    for (const [symbol, update] of this.live.metrics)
      if (update.ticks >= (newest.get(symbol)?.ticks ?? 0)) newest.set(symbol, update);
    return [...newest.values()].sort((one, other) => (one.symbol < other.symbol ? -1 : 1));
  }

  async #load(): Promise<void> {
    if (this.clock.monotonicMs() - this.#loadedAt < RELOAD_MS) return;
    await this.lake.freshen();
    const rows = (await this.lake.query(NEWEST)) as unknown as readonly MetricsRow[];
    this.#stored = new Map(rows.map((row) => [row.symbol, row]));
    this.#loadedAt = this.clock.monotonicMs();
  }
}
