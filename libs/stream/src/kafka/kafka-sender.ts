import { CompressionTypes, Kafka } from 'kafkajs';
import type { KafkaConfig, Message, Producer } from 'kafkajs';
import type { LogError, OutgoingRecord } from '../ports.js';
import { SendOutcomeUnknownError } from '../ports.js';
import { toLogError } from './kafka-error.js';
import type { KafkaSettings } from './kafka-settings.js';

/** More would overflow kafkajs's stack: it hands the records of a batch to a function as arguments. */
const maxRecordsPerRequest = 10_000;
/** Below the 1,048,588 that a topic takes by default, whatever it is told of compression: topics may be others' own. */
const maxBytesPerRequest = 900_000;
/**
 * How long an acknowledgement is waited for. One that was lost on the way must not hold up a clean stop, which has 25 s; and
 * what is sent again in vain does no harm.
 */
const sendTimeoutMs = 10_000;
/** What a record takes beside key, value and headers, at most. */
const recordOverhead = 32;

/** Sends through kafkajs, and breaks after the first failure: what came of it is unknown, and kafkajs must not try again by itself. */
export class KafkaSender {
  #failure: LogError | undefined;

  private constructor(
    private readonly producer: Producer,
    private readonly compression: CompressionTypes,
  ) {}

  static async open(client: KafkaConfig, compression: KafkaSettings['compression']): Promise<KafkaSender> {
    const producer = new Kafka({ ...client, requestTimeout: sendTimeoutMs }).producer({
      allowAutoTopicCreation: false,
      // It loses a message where two sends overlap and one answer is lost, and nothing here needs it.
      idempotent: false,
      maxInFlightRequests: 1,
      // Tried again inside, a request whose partitions have moved to a broker that had answered before is taken for done.
      retry: { retries: 0 },
      createPartitioner: () => givenPartition,
    });
    try {
      await producer.connect();
    } catch (error) {
      throw toLogError('connect', error);
    }
    return new KafkaSender(producer, compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None);
  }

  /** Each request is acknowledged before the next one goes out. */
  async append(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    if (this.#failure) throw this.#failure;
    for (const request of requestsOf(records)) await this.#send(topic, request);
  }

  async close(): Promise<void> {
    await this.producer.disconnect();
  }

  async #send(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    const { producer, compression } = this;
    try {
      await producer.send({
        topic,
        acks: -1,
        timeout: sendTimeoutMs,
        compression,
        messages: records.map(toMessage),
      });
    } catch (cause) {
      const error = toLogError(`${topic}: send`, cause);
      this.#failure = error.retriable ? new SendOutcomeUnknownError(error.message, { cause }) : error;
      throw this.#failure;
    }
  }
}

const givenPartition = ({ message }: { message: Message }): number => message.partition!;

function toMessage({ partition, key = null, value, headers = {} }: OutgoingRecord): Message {
  return { partition, key, value, headers: { ...headers } };
}

/** As many records as one request takes of any partition; a record that is too large goes alone, to be refused by name. */
export function* requestsOf(records: readonly OutgoingRecord[]): Generator<readonly OutgoingRecord[]> {
  let from = 0;
  let bytes = 0;
  for (let at = 0; at < records.length; at++) {
    const size = sizeOf(records[at]!);
    if (at > from && (at - from === maxRecordsPerRequest || bytes + size > maxBytesPerRequest)) {
      yield records.slice(from, at);
      from = at;
      bytes = 0;
    }
    bytes += size;
  }
  if (from < records.length) yield records.slice(from);
}

function sizeOf({ key, value, headers = {} }: OutgoingRecord): number {
  const texts = Object.entries(headers).flat();
  const all = [key ?? '', value ?? '', ...texts];
  return all.reduce((sum, part) => sum + Buffer.byteLength(part), recordOverhead + 2 * texts.length);
}
