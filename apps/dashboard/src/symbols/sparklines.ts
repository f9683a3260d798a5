import type { DashboardConfig } from '@engine/config';
import type { SparkPoint } from '@engine/contracts/api';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { DASHBOARD_CONFIG } from '../dashboard-config.token.js';
import { LakeView } from '../lake/lake-view.js';
import { instant } from '../lake/sql.js';
import { LiveGold } from '../live/live-gold.js';
import { isoTime } from '../time.js';

const POINTS = 60;
const MINUTE_US = 60_000_000;
/** Closed bars are few and do not change soon; what is newer the updates tell. */
const RELOAD_MS = 10_000;

interface Close {
  readonly symbol: string;
  readonly start: number;
  readonly close: number;
}

/** The closes of each symbol's last bars, from the lake and the updates. */
@Injectable()
export class Sparklines {
  readonly #interval: string;
  readonly #sizeUs: number;
  #stored = new Map<string, Map<number, number>>();
  #loadedAt = -Infinity;

  constructor(
    private readonly lake: LakeView,
    private readonly live: LiveGold,
    private readonly clock: Clock,
    @Inject(DASHBOARD_CONFIG) { rules }: DashboardConfig,
  ) {
    const bySize = [...rules.barIntervals].sort((one, other) => one.sizeUs - other.sizeUs);
    const chosen = bySize.find(({ sizeUs }) => sizeUs >= MINUTE_US) ?? bySize.at(-1)!;
    this.#interval = chosen.name;
    this.#sizeUs = chosen.sizeUs;
  }

  /** Loads the bars of the time before `newestUs`, unless that was done a moment ago. */
  async load(newestUs: number): Promise<void> {
    if (this.clock.monotonicMs() - this.#loadedAt < RELOAD_MS) return;
    this.#loadedAt = this.clock.monotonicMs();
    const from = Math.max(0, newestUs - 2 * POINTS * this.#sizeUs);
    const rows = await this.lake.query(
      `SELECT symbol, epoch_us(b."start") AS "start", close FROM gold_bars_current AS b
       WHERE "interval" = ? AND b."start" >= ${instant(from)}`,
      [this.#interval],
    );
    const stored = new Map<string, Map<number, number>>();
    for (const { symbol, start, close } of rows as unknown as readonly Close[])
      stored.set(symbol, (stored.get(symbol) ?? new Map<number, number>()).set(start, close));
    this.#stored = stored;
  }

  /** Oldest first. */
  of(symbol: string): readonly SparkPoint[] {
    const closes = new Map(this.#stored.get(symbol));
    for (const { start, provisional, published } of this.live.bars(symbol, this.#interval).values()) {
      const newest = provisional ?? [...published.values()].at(-1);
      if (newest !== undefined) closes.set(start, newest.close);
    }
    return [...closes]
      .sort(([one], [other]) => one - other)
      .slice(-POINTS)
      .map(([start, close]) => ({ time: isoTime(start), close }));
  }
}
