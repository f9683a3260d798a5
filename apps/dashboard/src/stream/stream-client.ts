import type { ServerResponse } from 'node:http';
import { updateKey } from '@engine/contracts';
import type { GapEvent } from '@engine/contracts/api';
import type { GoldUpdate } from '@engine/medallion';
import type { HeardTick } from '../ticks/live-ticks.js';
import { eventText, ticksText, updateText } from './event-text.js';
import type { Subscription } from './subscription.js';

/** More than that waiting: the client is told to fetch anew instead. */
const MAX_WAITING = 5000;
const MAX_TICKS = 10;
const HEARTBEAT_MS = 15_000;
/** A client that takes nothing for so long is gone, or as good as. */
const PATIENCE_MS = 60_000;

/** One listener: what waits for it, of each key only the newest, and nothing twice. */
export class StreamClient {
  readonly #updates = new Map<string, GoldUpdate>();
  readonly #ticks = new Map<string, HeardTick[]>();
  #pipeline: string | undefined;
  #gap: GapEvent['reason'] | undefined;
  #wroteAtMs: number;

  constructor(
    private readonly response: ServerResponse,
    private readonly subscription: Subscription,
    nowMs: number,
  ) {
    this.#wroteAtMs = nowMs;
  }

  /** Sends at once, before all else. */
  greet(text: string): void {
    this.response.write(text);
  }

  missed(reason: GapEvent['reason']): void {
    this.#updates.clear();
    this.#gap = reason;
  }

  tell(update: GoldUpdate): void {
    if (!this.subscription.wants(update)) return;
    this.#updates.set(updateKey(update), update);
    if (this.#updates.size > MAX_WAITING) this.missed('slow');
  }

  tellTick(tick: HeardTick): void {
    if (!this.subscription.wantsTicks(tick.symbol)) return;
    const waiting = this.#ticks.get(tick.symbol) ?? [];
    this.#ticks.set(tick.symbol, waiting);
    waiting.push(tick);
    if (waiting.length > MAX_TICKS) waiting.shift();
  }

  tellPipeline(text: string): void {
    this.#pipeline = text;
  }

  /** Sends what waits, unless what was sent before is not taken yet. `id` is where the lanes stand now. */
  flush(id: string, nowMs: number): void {
    if (this.response.writableNeedDrain) {
      if (nowMs - this.#wroteAtMs > PATIENCE_MS) this.response.destroy();
      return;
    }
    const texts = this.#take();
    if (texts.length === 0 && nowMs - this.#wroteAtMs < HEARTBEAT_MS) return;
    // With the last event alone: whoever has its id has all that came before.
    const last = texts.pop();
    this.response.write(last === undefined ? ': still here\n\n' : `${texts.join('')}id: ${id}\n${last}`);
    this.#wroteAtMs = nowMs;
  }

  end(): void {
    this.response.end();
  }

  #take(): string[] {
    const gap = this.#gap === undefined ? [] : [eventText('gap', { reason: this.#gap })];
    const updates = [...this.#updates.values()].map(updateText);
    const ticks = [...this.#ticks].map(([symbol, heard]) => ticksText(symbol, heard));
    const pipeline = this.#pipeline === undefined ? [] : [this.#pipeline];
    this.#gap = undefined;
    this.#pipeline = undefined;
    this.#updates.clear();
    this.#ticks.clear();
    return [...gap, ...updates, ...ticks, ...pipeline];
  }
}
