import { groupNames, topicNames } from '@engine/contracts';
import type { LaneStatus } from '@engine/contracts';
import { ChainMovedError } from '@engine/lake/ports';
import { EngineMetrics } from '@engine/observability';
import { persist } from '@engine/pipeline';
import type { LaneFailed, LogBatch } from '@engine/stream';
import { isRetriable } from '@engine/stream';
import { LaneServer } from '@engine/stream/nest';
import { Logger } from '@nestjs/common';

import { DeltaReports } from './delta-reports.js';
import { LayerWork } from './layer-definition.js';
import type { LayerDefinition } from './layer-definition.js';
import { LayerResources } from './layer-resources.js';
import { messageOf, Troubles } from './troubles.js';
import { UncleanStopError } from './unclean-stop.error.js';
import { UpkeepReports } from './upkeep-reports.js';

/** A layer in its process: there from the first second, at work once log and lake are open, and told of all that fails. */
export class LayerHost extends LayerWork {
  readonly metrics: EngineMetrics;
  readonly troubles: Troubles;
  readonly server: LaneServer;
  readonly #logger: Logger;
  readonly #upkeepReports: UpkeepReports;
  readonly #deltaReports: DeltaReports;
  readonly #stopping = new AbortController();
  readonly #takenOver = new Set<number>();
  #resources: LayerResources | undefined;
  #isStarted = false;
  #stopped: Promise<void> | undefined;

  constructor(private readonly definition: LayerDefinition) {
    super();
    const { config, input } = definition;
    this.metrics = new EngineMetrics(config.app);
    this.metrics.watchLanes({ lanes: () => this.statuses() });
    this.#logger = new Logger(config.app);
    this.troubles = new Troubles(this.metrics, this.#logger);
    this.#upkeepReports = new UpkeepReports(this.metrics.lake, this.#logger);
    this.#deltaReports = new DeltaReports(this.metrics.lake, this.#logger);
    const options = {
      topic: topicNames(config.topicPrefix)[input.role],
      group: groupNames(config.topicPrefix)[config.app],
      order: input.order,
    };
    this.server = new LaneServer({
      log: { createConsumer: (wanted) => this.#opened().log.createConsumer(wanted) },
      lanes: { [input.handler]: { options, lifecycle: this } },
    });
  }

  /** Log and lake are open. */
  get isOpen(): boolean {
    return this.#resources !== undefined;
  }

  /** It was given its first lanes, if any was free. */
  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** Lanes that are ours and have no state yet, or lost it by a failure. */
  get lanesTakenOver(): readonly number[] {
    return [...this.#takenOver].sort((one, other) => one - other);
  }

  /** Opens log and lake, trying again what may pass (a full disk), and has the server begin. Ends early when it is stopped. */
  async start(beginServing: () => Promise<unknown>): Promise<void> {
    await this.#open();
    if (this.#stopping.signal.aborted) return;
    await beginServing();
    this.#isStarted = true;
  }

  /**
   * It is going to be stopped: publishes what waits while those before it are still stopping, and tends no chain any more. What
   * fails in that is told by the stop.
   */
  publishAhead(): void {
    const { work, upkeep } = this.#resources ?? {};
    for (const ahead of [upkeep?.releaseAll(), work?.publish?.()]) ahead?.catch(() => undefined);
  }

  /** Gives the lanes back and closes everything. Throws `UncleanStopError` when rows had to be left to the next start. */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop());
  }

  override readonly assigned = async (
    lanes: readonly number[],
    failed: LaneFailed,
  ): Promise<ReadonlyMap<number, number>> => {
    for (const lane of lanes) this.#takenOver.add(lane);
    return this.#reporting(`take over of lane ${lanes.join(', ')}`, async () => {
      const positions = await this.#opened().work.assigned(lanes, (lane, error) => {
        this.#takenOver.add(lane);
        failed(lane, error);
      });
      for (const lane of lanes) this.#takenOver.delete(lane);
      for (const [lane, offset] of positions) this.#checkpointed(lane, offset);
      // First: upkeep removes files that the last owner may not have told the logs of.
      this.#opened().delta?.own(lanes);
      this.#opened().upkeep?.own(lanes);
      return positions;
    });
  };

  override readonly batch = async (batch: LogBatch): Promise<void> => {
    const lanes = [...new Set(batch.records.map(({ partition }) => partition))];
    try {
      await this.#reporting(`batch of lane ${lanes.join(', ')}`, () => this.#opened().work.batch(batch));
    } catch (error) {
      for (const lane of lanes) this.#takenOver.add(lane);
      throw error;
    }
  };

  override passed(lane: number, offset: number): void {
    this.#opened().work.passed?.(lane, offset);
  }

  override readonly revoked = async (lanes: readonly number[]): Promise<void> => {
    const { work, upkeep, delta } = this.#opened();
    await upkeep?.release(lanes);
    try {
      await work.revoked(lanes);
    } finally {
      await delta?.release(lanes);
    }
  };

  override async statuses(): Promise<readonly LaneStatus[]> {
    return (await this.#resources?.work.statuses()) ?? [];
  }

  /** All lanes of ours, or none while some are still being taken over: who adds up must not miss one. */
  async settledStatuses(): Promise<readonly LaneStatus[]> {
    const statuses = await this.statuses();
    return this.#isStarted && this.#takenOver.size === 0 ? statuses : [];
  }

  /** undefined: the layer has nothing to close. */
  get closable(): { close(): Promise<void> } | undefined {
    const work = this.#resources?.work;
    const close = work?.closeWindows?.bind(work);
    return close && { close };
  }

  async #open(): Promise<void> {
    const observer = {
      ...this.troubles.observer,
      checkpointed: this.#checkpointed,
      segmentPublished: this.#segmentPublished,
    };
    const stopping = this.#stopping.signal;
    const open = (): Promise<LayerResources> =>
      LayerResources.open(this.definition, {
        observer,
        stopping,
        upkeepObserver: this.#upkeepReports,
        deltaObserver: this.#deltaReports,
      });
    this.#resources = await persist('opening log and lake', open, { observer, stopping }, isRetriable);
  }

  async #stop(): Promise<void> {
    this.troubles.takeUnfinished();
    // A batch that waits for room on a full disk must not wait any more, but not be taken up again either.
    const closed = this.server.close();
    this.#stopping.abort(new Error('The app is being stopped'));
    await closed;
    await this.#resources?.close();
    // Who finds the chain moved has a successor, who publishes the rest.
    const left = this.troubles.takeUnfinished().filter(({ error }) => !(error instanceof ChainMovedError));
    if (left.length > 0)
      throw new UncleanStopError(
        this.definition.config.app,
        left.map(({ what, error }) => `${what}: ${messageOf(error)}`),
      );
  }

  readonly #segmentPublished = (table: string, rows: number, seconds: number): void => {
    this.metrics.segmentPublished(table, rows, seconds);
    this.#resources?.delta?.changed(table);
  };

  /** For tools that watch Kafka's groups: where the lane goes on is in the lake, whatever becomes of this. */
  readonly #checkpointed = (lane: number, offset: number): void => {
    const { input } = this.definition;
    void this.server.reportPosition(input.handler, lane, offset).catch((error: unknown) => {
      this.#logger.warn(
        `lane ${lane}: position ${offset} could not be told to the log yet: ${messageOf(error)}`,
      );
    });
  };

  /** The consumer tries again what is retriable, and says nothing of it. */
  async #reporting<T>(what: string, call: () => Promise<T>): Promise<T> {
    try {
      const result = await call();
      this.troubles.observer.settled?.(what);
      return result;
    } catch (error) {
      if (isRetriable(error)) this.troubles.observer.retrying?.(what, error, 1);
      throw error;
    }
  }

  #opened(): LayerResources {
    if (this.#resources === undefined) throw new Error(`${this.definition.config.app}: not open yet`);
    return this.#resources;
  }
}
