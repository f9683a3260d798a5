import type { TableBatch } from '../columns.js';
import type { BronzeTicks } from '../ticks.js';
import { EventRows } from './event-rows.js';
import type { EventSource } from './event-rows.js';
import { explainField, explainMessage } from './explain.js';
import { LaneSplit } from './lane-split.js';
import { readMessage, RefusedMessage } from './message.js';
import { decodeUtf8, rawText } from './raw-text.js';
import type { BronzeVerdict, Refusal, RefusalReason } from './refusal.js';
import { isTickFields, readTick, refusedValue, TickSlot } from './tick.js';

/** A record of `stock-ticks` as the log has it. */
export interface RawRecord {
  readonly partition: number;
  readonly offset: number;
  /** The log's own append time. */
  readonly timeMs: number;
  readonly key: Uint8Array | null;
  /** null: a tombstone. */
  readonly value: Uint8Array | null;
  /** The value as text, for a caller that has it anyway: it is not decoded again, nor the value asked for unless it is refused. */
  readonly text?: string | undefined;
}

/** What becomes of some records of `stock-ticks`. */
export interface BronzeOutput {
  /** Per partition of `stock-ticks` its rows of `bronze/events`, in the order of the records. */
  readonly events: ReadonlyMap<number, TableBatch>;
  /** Per lane that got any the accepted ticks, in the order of the records, whatever partitions they came from. */
  readonly lanes: ReadonlyMap<number, BronzeTicks>;
  readonly refusals: readonly Refusal[];
  /** Per partition the rows by verdict: they add up to the rows in `events`. */
  readonly verdicts: ReadonlyMap<number, ReadonlyMap<BronzeVerdict, number>>;
}

/**
 * Bronze: every record becomes at least one row, valid ticks also go to the lane of their symbol. Decides by the records
 * alone and never throws: what cannot be read is kept, with the reason.
 */
export function decodeEvents(records: readonly RawRecord[], lanes: number): BronzeOutput {
  const split = new LaneSplit(lanes);
  const decoding = new Decoding(split);
  for (const record of records) decoding.add(record);
  return { ...decoding.output(), lanes: split.toTicks() };
}

/** The rows alone, for a caller that sends nothing. */
export function decodeRows(records: readonly RawRecord[]): BronzeOutput['events'] {
  const decoding = new Decoding(undefined);
  for (const record of records) decoding.add(record);
  return decoding.output().events;
}

class Decoding {
  readonly #rows = new Map<number, EventRows>();
  readonly #refusals: Refusal[] = [];
  readonly #tick = new TickSlot();

  constructor(private readonly split: LaneSplit | undefined) {}

  add(record: RawRecord): void {
    const { key } = record;
    const text = record.text ?? (record.value === null ? undefined : decodeUtf8(record.value));
    const from: EventSource = {
      offset: record.offset,
      timeMs: record.timeMs,
      keyText: key === null ? null : rawText(key),
      raw: text ?? (record.value === null ? null : rawText(record.value, text)),
    };
    const message = readMessage(text ?? record.value);
    if (message instanceof RefusedMessage) this.#refuse(record, from, 0, message);
    else if (Array.isArray(message)) this.#addElements(record, from, message);
    else this.#addElement(record, from, 0, message);
  }

  output(): Omit<BronzeOutput, 'lanes'> {
    return {
      events: mapValues(this.#rows, (rows) => rows.take()),
      refusals: this.#refusals,
      verdicts: mapValues(this.#rows, (rows) => rows.verdicts()),
    };
  }

  #addElements(record: RawRecord, from: EventSource, elements: readonly unknown[]): void {
    for (let index = 0; index < elements.length; index++)
      this.#addElement(record, from, index, elements[index]);
  }

  #addElement(record: RawRecord, from: EventSource, index: number, element: unknown): void {
    if (!isTickFields(element)) {
      this.#refuse(record, from, index, {
        reason: 'not_an_object',
        detail: explainMessage('not_an_object', element),
      });
      return;
    }
    const tick = this.#tick;
    const reason = readTick(element, tick);
    if (reason !== undefined) {
      const detail = explainField(reason, refusedValue(reason, element));
      this.#refuse(record, from, index, { reason, detail, symbol: tick.symbol });
      return;
    }
    this.#rowsOf(record.partition).accept(from, index, tick);
    this.split?.push(tick, record, index);
  }

  #refuse(
    record: RawRecord,
    from: EventSource,
    index: number,
    refused: { readonly reason: RefusalReason; readonly detail: string; readonly symbol?: string },
  ): void {
    const { partition, offset, value } = record;
    const { reason, detail } = refused;
    const symbol = refused.symbol || null;
    this.#rowsOf(partition).refuse(from, index, reason, symbol);
    this.#refusals.push({ partition, offset, index, reason, detail, symbol, value });
  }

  #rowsOf(partition: number): EventRows {
    let rows = this.#rows.get(partition);
    if (rows === undefined) this.#rows.set(partition, (rows = new EventRows()));
    return rows;
  }
}

function mapValues<K, V, W>(map: ReadonlyMap<K, V>, change: (value: V) => W): Map<K, W> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}
