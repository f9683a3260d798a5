import { TableBuilder } from '../columns.js';
import type { TableBatch } from '../columns.js';
import { bronzeEvents } from '../tables.js';
import type { BronzeVerdict, RefusalReason } from './refusal.js';
import type { TickSlot } from './tick.js';

/** What the rows of one message have in common. */
export interface EventSource {
  readonly offset: number;
  readonly timeMs: number;
  readonly keyText: string | null;
  readonly raw: string | null;
}

/** Collects the rows of `bronze/events` of one partition of `stock-ticks`, and counts them. */
export class EventRows {
  readonly #builder = new TableBuilder(bronzeEvents);
  #accepted = 0;
  #invalid = 0;

  accept(from: EventSource, index: number, tick: TickSlot): void {
    this.#accepted++;
    this.#pushRecord(from, index);
    const { columns } = this.#builder;
    columns.verdict.push('accepted');
    columns.reason.push(null);
    columns.symbol.push(tick.symbol);
    columns.event_time.push(tick.eventTimeUs);
    columns.price.push(tick.price);
    columns.size.push(tick.size);
    columns.side.push(tick.side);
    columns.trade_id.push(tick.tradeId);
    columns.source.push(tick.source);
  }

  refuse(from: EventSource, index: number, reason: RefusalReason, symbol: string | null): void {
    this.#invalid++;
    this.#pushRecord(from, index);
    const { columns } = this.#builder;
    columns.verdict.push('invalid');
    columns.reason.push(reason);
    columns.symbol.push(symbol);
    columns.event_time.push(null);
    columns.price.push(null);
    columns.size.push(null);
    columns.side.push(null);
    columns.trade_id.push(null);
    columns.source.push(null);
  }

  take(): TableBatch {
    return this.#builder.take();
  }

  /** Rows by verdict, as many as there are rows. */
  verdicts(): ReadonlyMap<BronzeVerdict, number> {
    const counts: [BronzeVerdict, number][] = [
      ['accepted', this.#accepted],
      ['invalid', this.#invalid],
    ];
    return new Map(counts.filter(([, count]) => count > 0));
  }

  #pushRecord({ offset, timeMs, keyText, raw }: EventSource, index: number): void {
    const { columns } = this.#builder;
    columns.record_offset.push(offset);
    columns.record_index.push(index);
    columns.record_time.push(timeMs * 1000);
    columns.key.push(keyText);
    columns.raw.push(index === 0 ? raw : null);
  }
}
