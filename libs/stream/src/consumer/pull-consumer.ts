import { LogConsumer } from '../ports.js';
import type { ConsumerOptions, LaneListener } from '../ports.js';
import { defaultBackoff } from './backoff.js';
import type { Backoff } from './backoff.js';
import { Lane } from './lane.js';
import { LaneLoop } from './lane-loop.js';
import { LaneOwner } from './lane-owner.js';
import type { LaneSource } from './lane-source.js';
import { Stop } from './stop.js';

const defaultLimits = { maxRecords: 5_000, maxBytes: 8 * 1024 * 1024 };

export interface PullConsumerParts {
  /** Opens the topic, at start. */
  readonly open: () => Promise<LaneSource>;
  readonly backoff?: Backoff;
}

/** A consumer of a log that can be read at will. Partitions are consumed side by side, or merged by record time. */
export class PullConsumer extends LogConsumer {
  readonly ended: Promise<void>;
  readonly #stop = new Stop();
  readonly #options: ConsumerOptions;
  readonly #parts: PullConsumerParts;
  #started: Promise<void> | undefined;
  #source: LaneSource | undefined;
  #loops: readonly LaneLoop[] = [];
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
    return !this.#started || this.#isEnded || (this.#loops.length > 0 && this.#loops.every((l) => l.isIdle));
  }

  start(listener: LaneListener): Promise<void> {
    if (this.#started) return Promise.reject(new Error(`The consumer of ${this.topic} was started before`));
    this.#started = this.#start(listener);
    return this.#started;
  }

  async stop(): Promise<void> {
    this.#stop.request();
    this.#source?.changes.raise();
    if (!this.#started) this.#finish(undefined);
    await this.#started?.catch(() => undefined);
    // An error that ended it is told by `ended`; stopping what has ended is no error.
    await this.ended.catch(() => undefined);
  }

  async #start(listener: LaneListener): Promise<void> {
    try {
      const source = await this.#parts.open();
      this.#source = source;
      const owner = new LaneOwner(source, listener, this.#stop, this.#parts.backoff ?? defaultBackoff);
      const lanes = await claimLanes(source);
      await owner.assign(lanes);
      this.#loops = this.#groups(lanes).map((group) => {
        const { limits = defaultLimits } = this.#options;
        return new LaneLoop(group, { source, listener, owner, stop: this.#stop, limits });
      });
      void this.#run(owner, lanes);
    } catch (error) {
      this.#finish({ error });
      throw error;
    }
  }

  #groups(lanes: readonly Lane[]): readonly (readonly Lane[])[] {
    return this.#options.order === 'record-time' ? [lanes] : lanes.map((lane) => [lane]);
  }

  async #run(owner: LaneOwner, lanes: readonly Lane[]): Promise<void> {
    let failure: { error: unknown } | undefined;
    const fail = (error: unknown): void => {
      failure ??= { error };
      this.#stop.request();
      this.#source?.changes.raise();
    };
    await Promise.all(this.#loops.map((loop) => loop.run().catch(fail)));
    await owner.revoke(lanes).catch(fail);
    this.#finish(failure);
  }

  #finish(failure: { error: unknown } | undefined): void {
    this.#isEnded = true;
    if (failure) this.#end.reject(failure.error);
    else this.#end.resolve();
  }
}

/**
 * The lanes this instance consumes: all of the topic. Where several instances of a group are to share them, leases are
 * taken here, and `LaneOwner.revoke` gives one up.
 */
async function claimLanes(source: LaneSource): Promise<readonly Lane[]> {
  return (await source.ranges()).map((_, partition) => new Lane(partition));
}
