import type { LakeReader } from '@engine/lake';
import type { Tick } from '@engine/medallion';

/** Of silver's settings those that decide whether a tick is in time. */
export interface TimeLimits {
  readonly allowedLatenessUs: number;
  readonly maxFutureUs: number;
}

/**
 * What silver would say of a tick that is sent now. Only what is certain: a symbol's newest tick in the lake may be older
 * than the one that silver has seen, never newer, so that what is late against it is late.
 */
export class Outlook {
  private constructor(
    private readonly newestUs: ReadonlyMap<string, number>,
    private readonly limits: TimeLimits,
    private readonly nowUs: () => number,
  ) {}

  static async read(
    reader: LakeReader,
    limits: TimeLimits,
    nowUs = (): number => Date.now() * 1000,
  ): Promise<Outlook> {
    const rows = (await reader.query(
      `SELECT symbol, epoch_us(max(event_time)) AS "newestUs" FROM silver_ticks WHERE verdict = 'accepted' GROUP BY symbol`,
    )) as unknown as readonly { symbol: string; newestUs: number }[];
    return new Outlook(new Map(rows.map(({ symbol, newestUs }) => [symbol, newestUs])), limits, nowUs);
  }

  /** `reason`: why it was refused before. null: nothing is known against it. */
  refusalOf({ symbol, eventTimeUs }: Tick, reason: string): 'duplicate' | 'late' | 'future' | null {
    if (reason === 'duplicate') return 'duplicate';
    const { allowedLatenessUs, maxFutureUs } = this.limits;
    if (eventTimeUs > this.nowUs() + maxFutureUs) return 'future';
    const newestUs = this.newestUs.get(symbol) ?? -Infinity;
    return eventTimeUs < newestUs - allowedLatenessUs ? 'late' : null;
  }
}
