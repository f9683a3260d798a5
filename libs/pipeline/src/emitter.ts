import { isRetriable } from '@engine/stream/ports';
import type { Log, LogProducer, OutgoingRecord } from '@engine/stream/ports';

import { eitherOf, persist } from './persist.js';
import type { Persistence } from './persist.js';

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
  readonly #persistence: Persistence;

  constructor(
    private readonly log: Pick<Log, 'createProducer'>,
    { observer = {}, stopping }: Persistence = {},
  ) {
    this.#persistence = { observer, stopping: eitherOf(this.#closing.signal, stopping) };
  }

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

  #sendUntilAcknowledged(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    const partitions = [...new Set(records.map(({ partition }) => partition))];
    const what = `send to ${topic}/${partitions.join(',')}`;
    return persist(what, () => this.#sendOnce(topic, records), this.#persistence, isRetriable);
  }

  async #sendOnce(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    this.#closing.signal.throwIfAborted();
    try {
      this.#producer ??= await this.log.createProducer();
      await this.#producer.send(topic, records);
    } catch (error) {
      await this.#discardProducer();
      throw error;
    }
  }

  async #discardProducer(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    // A producer that is thrown away may be broken in any way: that it cannot be closed changes nothing.
    await producer?.close().catch(() => undefined);
  }
}
