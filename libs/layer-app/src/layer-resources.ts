import { rulesVersion } from '@engine/config';
import { topicNames } from '@engine/contracts';
import {
  COMPACTION_LIMITS,
  DuckDbLake,
  FileSnapshotStore,
  LakeDelta,
  LakeUpkeep,
  probeLakeFolder,
} from '@engine/lake';
import type { PipelineContext } from '@engine/pipeline';
import type { Log } from '@engine/stream';
import { openLog } from '@engine/stream/open';

import { ensureTopics } from './ensure-topics.js';
import { LaneDelta } from './lane-delta.js';
import type { DeltaObserver } from './lane-delta.js';
import { LaneUpkeep } from './lane-upkeep.js';
import type { UpkeepObserver } from './lane-upkeep.js';
import type { LayerDefinition, LayerWork } from './layer-definition.js';

/** Whom a layer's app tells of its work, and when it is over. */
export interface LayerSurroundings extends Pick<PipelineContext, 'observer' | 'stopping'> {
  readonly upkeepObserver: UpkeepObserver;
  readonly deltaObserver: DeltaObserver;
}

/** All that a layer's app holds open while it works. */
export class LayerResources {
  private constructor(
    readonly work: LayerWork,
    readonly log: Log,
    private readonly lake: DuckDbLake,
    /** undefined: neither is anything compacted nor retired. */
    readonly upkeep: LaneUpkeep | undefined,
    /** undefined: the settings want no Delta logs. */
    readonly delta: LaneDelta | undefined,
  ) {}

  /** Opens all of it or nothing. */
  static async open(
    definition: LayerDefinition,
    { upkeepObserver, deltaObserver, ...host }: LayerSurroundings,
  ): Promise<LayerResources> {
    const { config } = definition;
    const topics = topicNames(config.topicPrefix);
    await probeLakeFolder(config.lakeFolder);
    const log = await openLog(config);
    let lake: DuckDbLake | undefined;
    let upkeep: LaneUpkeep | undefined;
    let delta: LaneDelta | undefined;
    try {
      await ensureTopics(log, topics, config.lanes, definition.topics);
      lake = await DuckDbLake.open({ folder: config.lakeFolder });
      const store = await FileSnapshotStore.create({ folder: config.lakeFolder });
      delta = await openDelta(definition, deltaObserver);
      upkeep = await openUpkeep(definition, tellingOfChanges(upkeepObserver, delta));
      const { maxRows, maxMs, snapshotMs } = config.segments;
      const context = {
        log,
        lake,
        limits: { maxRows, maxMs },
        checkpoints: { store, intervalMs: snapshotMs },
        rules: rulesVersion(config.rules),
        ...host,
      };
      return new LayerResources(definition.createWork(context, topics), log, lake, upkeep, delta);
    } catch (error) {
      await upkeep?.close();
      await delta?.close();
      lake?.close();
      await log.close();
      throw error;
    }
  }

  /** After the server has stopped: its consumer has given the lanes back, and they have published what they could. */
  async close(): Promise<void> {
    await this.upkeep?.close();
    await this.work.close?.();
    await this.delta?.close();
    this.lake.close();
    await this.log.close();
  }
}

/** undefined: the settings want neither compaction nor retention. */
async function openUpkeep(
  { config }: LayerDefinition,
  observer: UpkeepObserver,
): Promise<LaneUpkeep | undefined> {
  const { compact, compactGraceMs: graceMs, maxMs, retentionMs } = config.segments;
  const ofLayer = retentionMs[config.app];
  if (!compact && ofLayer === null) return undefined;
  const rules = { compaction: compact ? COMPACTION_LIMITS : null, retentionMs: ofLayer, graceMs };
  const lake = await LakeUpkeep.open({ folder: config.lakeFolder, layer: config.app, rules });
  return new LaneUpkeep(lake, maxMs, observer);
}

/** The Delta logs follow what moves. */
const tellingOfChanges = (observer: UpkeepObserver, delta: LaneDelta | undefined): UpkeepObserver => ({
  tended(table, lane, report) {
    observer.tended(table, lane, report);
    if (report.compaction !== undefined || report.floor !== undefined) delta?.changed(table);
  },
  failed: observer.failed.bind(observer),
  released: observer.released.bind(observer),
});

/** What is published within a second becomes one version: the lanes publish at about the same time. */
const DELTA_PAUSE_MS = 1_000;

async function openDelta(
  { config }: LayerDefinition,
  observer: DeltaObserver,
): Promise<LaneDelta | undefined> {
  const { deltaLog, compactGraceMs } = config.segments;
  if (!deltaLog) return undefined;
  const lake = await LakeDelta.open({
    folder: config.lakeFolder,
    layer: config.app,
    graceMs: compactGraceMs,
  });
  return new LaneDelta(lake, DELTA_PAUSE_MS, observer);
}
