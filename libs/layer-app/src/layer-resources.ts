import { rulesVersion } from '@engine/config';
import { groupNames, topicNames } from '@engine/contracts';
import { DuckDbLake, FileSnapshotStore, probeLakeFolder } from '@engine/lake';
import { EngineMetrics } from '@engine/observability';
import type { Log } from '@engine/stream';
import { LaneServer } from '@engine/stream/nest';
import { openLog } from '@engine/stream/open';
import { Logger } from '@nestjs/common';

import { ensureTopics } from './ensure-topics.js';
import type { LayerDefinition, LayerWork } from './layer-definition.js';
import { RetryLog } from './retry-log.js';

/** All that a layer's app holds open, from its start to its end. */
export class LayerResources {
  private constructor(
    readonly work: LayerWork,
    readonly server: LaneServer,
    readonly metrics: EngineMetrics,
    readonly retries: RetryLog,
    private readonly log: Log,
    private readonly lake: DuckDbLake,
  ) {}

  static async open(definition: LayerDefinition): Promise<LayerResources> {
    const { config, input } = definition;
    const topics = topicNames(config.topicPrefix);
    await probeLakeFolder(config.lakeFolder);
    const log = await openLog(config);
    await ensureTopics(log, topics, config.lanes, definition.topics);
    const lake = await DuckDbLake.open({ folder: config.lakeFolder });
    const snapshots = await FileSnapshotStore.create({ folder: config.lakeFolder });
    const metrics = new EngineMetrics(config.app);
    const retries = new RetryLog(metrics, new Logger(config.app));
    const { maxRows, maxMs, snapshotMs } = config.segments;
    const context = {
      log,
      lake,
      limits: { maxRows, maxMs },
      checkpoints: { store: snapshots, intervalMs: snapshotMs },
      rules: rulesVersion(config.rules),
      observer: retries.observer,
    };
    const work = definition.createWork(context, topics);
    metrics.watchLanes({ lanes: () => work.statuses() });
    const options = {
      topic: topics[input.role],
      group: groupNames(config.topicPrefix)[config.app],
      order: input.order,
    };
    const server = new LaneServer({ log, lanes: { [input.handler]: { options, lifecycle: work } } });
    return new LayerResources(work, server, metrics, retries, log, lake);
  }

  /** After the server has stopped: its consumer has given the lanes back, and they have published what they could. */
  async close(): Promise<void> {
    await this.work.close?.();
    this.lake.close();
    await this.log.close();
  }
}
