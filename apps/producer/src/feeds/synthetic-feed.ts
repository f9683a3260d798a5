import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { SteadyPace } from '../pacer.js';
import { sleep } from '../sleep.js';
import type { Feed, FeedRow, SentRows } from './feed.js';
import type { SyntheticSettings, SyntheticTick } from './synthetic.js';
import { SyntheticMarket } from './synthetic.js';

const SOURCE = 'synthetic';
/** Rows after which others get their turn while an earlier run's rows are gone through. */
const FAST_FORWARD_ROWS = 10_000;
const MAX_BATCH_ROWS = 10_000;
/** A wall clock set back by less than this does not turn the ticks' time back. */
const CLOCK_STEP_MS = 1000;

/** Made-up ticks at a steady rate, stamped with the wall clock's time at which each fell due. */
export class SyntheticFeed implements Feed {
  readonly kind = 'synthetic';
  readonly name: string;

  constructor(private readonly settings: SyntheticSettings) {
    const symbols = createHash('sha256').update(settings.symbols.join(',')).digest('hex').slice(0, 12);
    this.name = `synthetic:${settings.seed}:${settings.rate}:${symbols}`;
  }

  async *batches(sent: SentRows, signal: AbortSignal): AsyncGenerator<readonly FeedRow[]> {
    const market = new SyntheticMarket(this.settings);
    yield* fastForward(market, sent, signal);
    const pace = new SteadyPace(this.settings.rate, performance.now());
    const clock = new TickClock();
    for (;;) {
      await sleep(pace.waitMs(performance.now()), signal);
      if (signal.aborted) return;
      const nowMs = performance.now();
      const agesMs = pace.takeDue(nowMs, MAX_BATCH_ROWS).map((dueMs) => nowMs - dueMs);
      if (agesMs.length > 0) yield agesMs.map((ageMs) => toRow(market.next(), clock.at(ageMs)));
    }
  }
}

/** Goes through the rows of an earlier run. Those that did not reach the log come out, with the time of now. */
async function* fastForward(
  market: SyntheticMarket,
  sent: SentRows,
  signal: AbortSignal,
): AsyncGenerator<readonly FeedRow[]> {
  for (let row = 0; row <= sent.newestRow && !signal.aborted;) {
    const missing: FeedRow[] = [];
    const end = Math.min(row + FAST_FORWARD_ROWS, sent.newestRow + 1);
    for (; row < end; row++) {
      const tick = market.next();
      if (!sent.has(tick.symbol, row)) missing.push(toRow(tick, Date.now()));
    }
    if (missing.length > 0) yield missing;
    else await turn();
  }
}

/** The wall clock in whole ms, never a step back but when it was set anew. */
class TickClock {
  #newestMs = 0;

  at(ageMs: number): number {
    const timeMs = Math.floor(Date.now() - ageMs);
    const isJitter = timeMs < this.#newestMs && timeMs > this.#newestMs - CLOCK_STEP_MS;
    if (!isJitter) this.#newestMs = timeMs;
    return this.#newestMs;
  }
}

function toRow(tick: SyntheticTick, timeMs: number): FeedRow {
  const { symbol, price, size, side, id } = tick;
  const value = Buffer.from(
    JSON.stringify({ ticker: symbol, price, timestamp: timeMs, size, side, id, source: SOURCE }),
  );
  return { row: tick.row, key: symbol, value, eventTimeUs: timeMs * 1000 };
}
