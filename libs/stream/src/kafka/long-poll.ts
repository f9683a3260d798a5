import type { ChangeSignal } from '../consumer/change-signal.js';
import type { KafkaConnection } from './kafka-connection.js';
import type { FetchPosition, Stretch } from './stretch.js';
import { TopicReader } from './topic-reader.js';

/** The longest that the broker waits before it answers that there is nothing. */
const maxWaitMs = 1_000;

/**
 * Waits for records behind some positions, one request at a time, over a connection of its own: on a connection the broker
 * answers in order, and everybody else would have to wait too.
 */
export class LongPoll {
  #waitingFor: string | undefined;
  #answer: { readonly to: string; readonly stretches: readonly Stretch[] } | undefined;

  constructor(
    private readonly topic: string,
    private readonly connection: KafkaConnection,
    private readonly changes: ChangeSignal,
  ) {}

  get isWaiting(): boolean {
    return this.#waitingFor !== undefined;
  }

  /** True while the broker has not said that there is anything. */
  isWaitingFor(positions: readonly FetchPosition[]): boolean {
    return this.#waitingFor === keyOf(positions);
  }

  /** What has come for just these positions, once. */
  takeAnswer(positions: readonly FetchPosition[]): readonly Stretch[] | undefined {
    const answer = this.#answer;
    this.#answer = undefined;
    return answer?.to === keyOf(positions) ? answer.stretches : undefined;
  }

  /** Raises `changes` when there is something, when the broker has waited long enough, and when it could not be asked. */
  start(positions: readonly FetchPosition[], maxBytes: number): void {
    if (this.#waitingFor !== undefined) return;
    this.#waitingFor = keyOf(positions);
    void this.#ask(positions, maxBytes);
  }

  close(): void {
    this.connection.close();
  }

  async #ask(positions: readonly FetchPosition[], maxBytes: number): Promise<void> {
    try {
      const stretches = await this.connection.use(`${this.topic}: wait`, async (cluster) =>
        (await TopicReader.open(cluster, this.topic)).fetch(positions, { maxBytes, maxWaitMs }),
      );
      this.#answer = { to: keyOf(positions), stretches };
    } catch {
      // Whoever fetches next meets the trouble by itself, and can say what becomes of it.
    } finally {
      this.#waitingFor = undefined;
      this.changes.raise();
    }
  }
}

const keyOf = (positions: readonly FetchPosition[]): string =>
  positions.map(({ partition, from }) => `${partition}:${from}`).join();
