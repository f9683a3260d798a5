import { LogConsumer } from '../ports.js';
import type { ConsumerOptions, LaneListener } from '../ports.js';
import { AllLanes } from '../group/all-lanes.js';
import type { LaneLeases } from '../group/lane-leases.js';
import { defaultBackoff } from './backoff.js';
import type { Backoff } from './backoff.js';
import { LaneSharing } from './lane-sharing.js';
import type { LaneSource } from './lane-source.js';

export interface PullConsumerParts {
  /** Opens the topic, at start. */
  readonly open: () => Promise<LaneSource>;
  /** The leases of a member of the group that shares the topic's partitions. */
  readonly leases: (group: string, partitions: number) => Promise<LaneLeases>;
  readonly backoff?: Backoff;
}

/** A consumer of a log that can be read at will. Partitions are consumed side by side, or merged by record time; those of a group share them. */
export class PullConsumer extends LogConsumer {
  readonly ended: Promise<void>;
  readonly #options: ConsumerOptions;
  readonly #parts: PullConsumerParts;
  #started: Promise<void> | undefined;
  #sharing: LaneSharing | undefined;
  #isStopRequested = false;
  #end!: { resolve: () => void; reject: (reason: unknown) => void };
  #isEnded = false;

  constructor(options: ConsumerOptions, parts: PullConsumerParts) {
    super();
    this.#options = options;
    this.#parts = parts;
    this.ended = new Promise((resolve, reject) => {
      this.#end = { resolve, reject };
    });
    // Whoever waits for `ended` is told; a consumer that nobody watches must not bring the process down by itself.
    this.ended.catch(() => undefined);
  }

  get topic(): string {
    return this.#options.topic;
  }

  /** True while there is nothing left to deliver: everything was dealt with, or it does not run (any more). */
  get isIdle(): boolean {
    return !this.#started || this.#isEnded || this.#sharing?.isIdle === true;
  }

  start(listener: LaneListener): Promise<void> {
    if (this.#started) return Promise.reject(new Error(`The consumer of ${this.topic} was started before`));
    this.#started = this.#start(listener);
    return this.#started;
  }

  async stop(): Promise<void> {
    this.#isStopRequested = true;
    this.#sharing?.requestStop();
    if (!this.#started) this.#finish(undefined);
    await this.#started?.catch(() => undefined);
    // An error that ended it is told by `ended`; stopping what has ended is no error.
    await this.ended.catch(() => undefined);
  }

  reportPosition(partition: number, offset: number): Promise<void> {
    return this.#sharing?.report(partition, offset) ?? Promise.resolve();
  }

  async #start(listener: LaneListener): Promise<void> {
    try {
      const sharing = await this.#open(listener);
      if (this.#isStopRequested) sharing.requestStop();
      await sharing.balance();
      void this.#run(sharing);
    } catch (error) {
      // Why it could not start is what counts, not what else went wrong then.
      await this.#sharing?.end().catch(() => undefined);
      this.#finish({ error });
      throw error;
    }
  }

  async #open(listener: LaneListener): Promise<LaneSharing> {
    const { open, backoff = defaultBackoff } = this.#parts;
    const options = this.#options;
    const source = await open();
    const partitions = (await source.ranges()).length;
    const isAlone = options.group === undefined;
    const leases = isAlone ? new AllLanes(partitions) : await this.#parts.leases(options.group, partitions);
    this.#sharing = new LaneSharing({ source, leases, listener, backoff, options });
    return this.#sharing;
  }

  async #run(sharing: LaneSharing): Promise<void> {
    let failure: { error: unknown } | undefined;
    const fail = (error: unknown): void => {
      failure ??= { error };
    };
    await sharing.run().catch(fail);
    await sharing.end().catch(fail);
    this.#finish(failure);
  }

  #finish(failure: { error: unknown } | undefined): void {
    this.#isEnded = true;
    if (failure) this.#end.reject(failure.error);
    else this.#end.resolve();
  }
}
