import type { DashboardConfig } from '@engine/config';
import type { SymbolQuote } from '@engine/contracts/api';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { DASHBOARD_CONFIG } from '../dashboard-config.token.js';
import { LakeView } from '../lake/lake-view.js';
import { instant } from '../lake/sql.js';
import { LiveGold } from '../live/live-gold.js';
import { isoTime } from '../time.js';

const POINTS = 60;
const MINUTE_US = 60_000_000;
/** Fewer bars of a minute do not show a trend yet. */
const FEW = 10;
/** Closed bars are few and do not change soon; what is newer the updates tell. */
const RELOAD_MS = 10_000;

type Trend = Pick<SymbolQuote, 'sparkline' | 'sparklineSeconds'>;

interface Interval {
  readonly name: string;
  readonly sizeUs: number;
}

interface Close {
  readonly symbol: string;
  readonly interval: string;
  readonly start: number;
  readonly close: number;
}

/** The closes of each symbol's last bars, from the lake and the updates. */
@Injectable()
export class Sparklines {
  /** Those of a minute, or what comes next to them. */
  readonly #usual: Interval;
  readonly #shortest: Interval;
  /** By `<symbol> <interval>`, then by start. */
  #stored = new Map<string, Map<number, number>>();
  #loadedAt = -Infinity;

  constructor(
    private readonly lake: LakeView,
    private readonly live: LiveGold,
    private readonly clock: Clock,
    @Inject(DASHBOARD_CONFIG) { rules }: DashboardConfig,
  ) {
    const bySize = [...rules.barIntervals].sort((one, other) => one.sizeUs - other.sizeUs);
    this.#shortest = bySize[0]!;
    this.#usual = bySize.find(({ sizeUs }) => sizeUs >= MINUTE_US) ?? bySize.at(-1)!;
  }

  /** Loads the bars of the time before `newestUs`, unless that was done a moment ago. */
  async load(newestUs: number): Promise<void> {
    if (this.clock.monotonicMs() - this.#loadedAt < RELOAD_MS) return;
    this.#loadedAt = this.clock.monotonicMs();
    const from = ({ sizeUs }: Interval): string => instant(Math.max(0, newestUs - 2 * POINTS * sizeUs));
    const rows = await this.lake.query(
      `SELECT symbol, "interval", epoch_us(b."start") AS "start", close FROM gold_bars_current AS b
       WHERE "interval" = ? AND b."start" >= ${from(this.#usual)}
          OR "interval" = ? AND b."start" >= ${from(this.#shortest)}`,
      [this.#usual.name, this.#shortest.name],
    );
    const stored = new Map<string, Map<number, number>>();
    for (const { symbol, interval, start, close } of rows as unknown as readonly Close[]) {
      const key = `${symbol} ${interval}`;
      stored.set(key, (stored.get(key) ?? new Map<number, number>()).set(start, close));
    }
    this.#stored = stored;
  }

  of(symbol: string): Trend {
    const usual = this.#closes(symbol, this.#usual);
    return usual.sparkline.length < FEW ? this.#closes(symbol, this.#shortest) : usual;
  }

  /** Oldest first. */
  #closes(symbol: string, { name, sizeUs }: Interval): Trend {
    const closes = new Map(this.#stored.get(`${symbol} ${name}`));
    for (const { start, provisional, published } of this.live.bars(symbol, name).values()) {
      const newest = provisional ?? [...published.values()].at(-1);
      if (newest !== undefined) closes.set(start, newest.close);
    }
    const sparkline = [...closes]
      .sort(([one], [other]) => one - other)
      .slice(-POINTS)
      .map(([start, close]) => ({ time: isoTime(start), close }));
    return { sparkline, sparklineSeconds: sizeUs / 1_000_000 };
  }
}
