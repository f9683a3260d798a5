import { LogProducer } from '../ports.js';
import type { OutgoingRecord } from '../ports.js';
import { OverlappingSendError } from './overlapping-send.error.js';

/** Appends all of it, durably, or rejects. */
export type Append = (topic: string, records: readonly OutgoingRecord[]) => Promise<void>;

/** A producer that holds its callers to one send at a time. */
export class SerialProducer extends LogProducer {
  #sending: Promise<void> | undefined;
  #isClosed = false;

  /** `release`: lets go of what the producer held, once it is closed. */
  constructor(
    private readonly append: Append,
    private readonly release: () => Promise<void> = () => Promise.resolve(),
  ) {
    super();
  }

  async send(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    if (this.#isClosed) throw new Error(`${topic}: the producer is closed`);
    if (this.#sending) throw new OverlappingSendError(topic);
    this.#sending = this.append(topic, records);
    try {
      await this.#sending;
    } finally {
      this.#sending = undefined;
    }
  }

  /** Waits for the send at hand. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#sending?.catch(() => undefined);
    await this.release();
  }
}
