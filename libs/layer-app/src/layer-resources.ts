import { rulesVersion } from '@engine/config';
import { topicNames } from '@engine/contracts';
import { DuckDbLake, FileSnapshotStore, probeLakeFolder } from '@engine/lake';
import type { PipelineContext } from '@engine/pipeline';
import type { Log } from '@engine/stream';
import { openLog } from '@engine/stream/open';

import { ensureTopics } from './ensure-topics.js';
import type { LayerDefinition, LayerWork } from './layer-definition.js';

/** All that a layer's app holds open while it works. */
export class LayerResources {
  private constructor(
    readonly work: LayerWork,
    readonly log: Log,
    private readonly lake: DuckDbLake,
  ) {}

  /** Opens all of it or nothing. */
  static async open(
    definition: LayerDefinition,
    host: Pick<PipelineContext, 'observer' | 'stopping'>,
  ): Promise<LayerResources> {
    const { config } = definition;
    const topics = topicNames(config.topicPrefix);
    await probeLakeFolder(config.lakeFolder);
    const log = await openLog(config);
    let lake: DuckDbLake | undefined;
    try {
      await ensureTopics(log, topics, config.lanes, definition.topics);
      lake = await DuckDbLake.open({ folder: config.lakeFolder });
      const store = await FileSnapshotStore.create({ folder: config.lakeFolder });
      const { maxRows, maxMs, snapshotMs } = config.segments;
      const context = {
        log,
        lake,
        limits: { maxRows, maxMs },
        checkpoints: { store, intervalMs: snapshotMs },
        rules: rulesVersion(config.rules),
        ...host,
      };
      return new LayerResources(definition.createWork(context, topics), log, lake);
    } catch (error) {
      lake?.close();
      await log.close();
      throw error;
    }
  }

  /** After the server has stopped: its consumer has given the lanes back, and they have published what they could. */
  async close(): Promise<void> {
    await this.work.close?.();
    this.lake.close();
    await this.log.close();
  }
}
