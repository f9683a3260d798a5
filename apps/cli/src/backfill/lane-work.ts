import { rulesVersion } from '@engine/config';
import type { LayerConfig } from '@engine/config';
import { topicNames } from '@engine/contracts';
import { DuckDbLake, FileSnapshotStore } from '@engine/lake';
import type { Generations } from '@engine/lake';
import type { LayerName } from '@engine/medallion';
import { backfillGold, backfillSilver, backfillSilverByEventTime } from '@engine/pipeline';
import type { BackfillSources, BackfillTarget } from '@engine/pipeline';

import { messageOf } from '../failure.js';
import type { LaneJob } from './lane-jobs.js';

/** The layers that are computed anew, each followed by those that follow from it, and the folders of their new generations. */
export interface NewGenerations {
  readonly layers: readonly LayerName[];
  readonly folders: Generations;
  readonly order: TickOrder;
}

/** The order in which silver decides: as it did, or by event time. */
export type TickOrder = 'recorded' | 'event-time';

/** Told of rows that were published, of a layer that is complete, and of what fails and is tried again. */
export interface LaneObserver {
  published(table: string, rows: number): void;
  completed(layer: LayerName): void;
  retrying(what: string): void;
}

/** Log and lake as they are, for whoever computes something anew from them. */
export async function openSources(
  config: LayerConfig,
): Promise<{ sources: BackfillSources; close(): Promise<void> }> {
  const { openLog } = await import('@engine/stream/open');
  const log = await openLog(config);
  const lake = await DuckDbLake.open({ folder: config.lakeFolder, memoryLimit: DATABASE_MEMORY });
  const topics = topicNames(config.topicPrefix);
  return {
    sources: { log, topics, lake, settings: config.rules, rules: rulesVersion(config.rules) },
    close: async () => {
      lake.close();
      await log.close();
    },
  };
}

const DATABASE_MEMORY = '256MB';

/** What is published costs less the more is published at once; live, a segment is small for the sake of memory. */
const SEGMENT_ROWS = 60_000;

/** Lanes that are computed anew, with all that is held open meanwhile. */
export class LaneWork {
  private constructor(
    private readonly generations: NewGenerations,
    private readonly sources: BackfillSources,
    private readonly target: BackfillTarget,
    readonly close: () => Promise<void>,
  ) {}

  static async open(
    config: LayerConfig,
    generations: NewGenerations,
    observer: Omit<LaneObserver, 'completed'>,
  ): Promise<LaneWork> {
    const opened = await openSources(config);
    const place = { folder: config.lakeFolder, generations: generations.folders };
    const lake = await DuckDbLake.open({ ...place, memoryLimit: DATABASE_MEMORY });
    const snapshots = await FileSnapshotStore.create(place);
    // Only full segments, and no small ones for the sake of time: nobody waits for a row.
    const limits = { maxRows: Math.max(config.segments.maxRows, SEGMENT_ROWS), maxMs: 2 ** 31 - 1 };
    const target = {
      lake,
      snapshots,
      limits,
      observer: {
        segmentPublished: (table: string, rows: number) => {
          observer.published(table, rows);
        },
        retrying: (what: string, error: unknown) => {
          observer.retrying(`${what}: ${messageOf(error)}`);
        },
      },
    };
    return new LaneWork(generations, opened.sources, target, async () => {
      lake.close();
      await opened.close();
    });
  }

  async run({ layer, lane }: LaneJob): Promise<void> {
    const silver = this.generations.order === 'recorded' ? backfillSilver : backfillSilverByEventTime;
    const compute = layer === 'silver' ? silver : backfillGold;
    await compute(lane, this.sources, this.target);
  }
}
