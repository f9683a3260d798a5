import { isRetriable } from '@engine/stream/ports';
import type { Log, LogProducer, OutgoingRecord } from '@engine/stream/ports';

import { backOff } from './backoff.js';
import type { PipelineObserver } from './observer.js';

/** At most this many records go into one send: a larger batch overflows the stack of the Kafka client. */
const MAX_RECORDS_PER_SEND = 10_000;

/**
 * Sends one after the other, each until it is acknowledged by every partition in it.
 *
 * After an unknown outcome the producer is thrown away and the same records are sent again; nothing later goes out before.
 * That is what keeps a row from being trimmed downstream although it never arrived.
 */
export class Emitter {
  #producer: LogProducer | undefined;
  #queue: Promise<void> = Promise.resolve();
  readonly #closing = new AbortController();

  constructor(
    private readonly log: Pick<Log, 'createProducer'>,
    private readonly observer: PipelineObserver = {},
  ) {}

  /** Resolves once all records are durable, in the order of the calls. */
  send(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    const sent = this.#queue.then(() => this.#sendAll(topic, records));
    this.#queue = sent.catch(() => undefined);
    return sent;
  }

  /** Gives up what is not acknowledged yet: its `send` rejects, and its rows are sent again after the next start. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('The emitter was closed before the send was acknowledged'));
    await this.#queue;
    await this.#discardProducer();
  }

  async #sendAll(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    for (let from = 0; from < records.length; from += MAX_RECORDS_PER_SEND) {
      await this.#sendUntilAcknowledged(topic, records.slice(from, from + MAX_RECORDS_PER_SEND));
    }
  }

  async #sendUntilAcknowledged(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      this.#closing.signal.throwIfAborted();
      try {
        this.#producer ??= await this.log.createProducer();
        await this.#producer.send(topic, records);
        return;
      } catch (error) {
        await this.#discardProducer();
        if (!isRetriable(error)) throw error;
        this.observer.retrying?.(`send to ${topic}`, error, attempt);
        await backOff(attempt, this.#closing.signal);
      }
    }
  }

  async #discardProducer(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    // A producer that is thrown away may be broken in any way: that it cannot be closed changes nothing.
    await producer?.close().catch(() => undefined);
  }
}
