import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { DashboardConfig } from '@engine/config';
import { topicNames } from '@engine/contracts';
import type { SegmentFooter } from '@engine/lake';
import type { LayerName } from '@engine/medallion';
import { Log } from '@engine/stream';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { DASHBOARD_CONFIG } from '../dashboard-config.token.js';
import { LakeView } from '../lake/lake-view.js';
import { isoTime } from '../time.js';
import type { LaneReport, ReportedSegment } from './lane-report.js';
import { layerTables } from './layer-tables.js';
import type { LayerTables } from './layer-tables.js';
import { VerdictCounts } from './verdict-counts.js';

type PublishedSegment = SegmentFooter & { readonly table: string };

/** How far every layer is, from the log's ends and the segments' footers alone. */
@Injectable()
export class PipelineService {
  readonly #verdicts: ReadonlyMap<LayerName, VerdictCounts>;

  constructor(
    private readonly log: Log,
    private readonly lake: LakeView,
    private readonly clock: Clock,
    @Inject(DASHBOARD_CONFIG) private readonly config: DashboardConfig,
  ) {
    this.#verdicts = new Map([
      [
        'bronze',
        new VerdictCounts(lake, { name: 'bronze/events', view: 'bronze_events', offset: 'record_offset' }),
      ],
      [
        'silver',
        new VerdictCounts(lake, { name: 'silver/ticks', view: 'silver_ticks', offset: 'lane_offset' }),
      ],
    ]);
  }

  /** By layer, in the order of the pipeline, and lane. */
  async report(layer?: LayerName): Promise<readonly LaneReport[]> {
    await this.lake.freshen();
    const asked = layerTables.filter((tables) => layer === undefined || tables.layer === layer);
    return (await Promise.all(asked.map((tables) => this.#reportLayer(tables)))).flat();
  }

  async #reportLayer({ layer, input, tables }: LayerTables): Promise<readonly LaneReport[]> {
    await this.#verdicts.get(layer)?.update();
    const topic = topicNames(this.config.topicPrefix)[input];
    const ends = await this.#inputEnds(topic);
    const segments = this.#newestSegments(tables);
    const lanes = new Set([...ends.keys(), ...segments.keys()]);
    const reports = [...lanes]
      .sort((one, other) => one - other)
      .map(async (lane) => {
        const newest = segments.get(lane);
        const lastSegment = newest === undefined ? null : await this.#reportSegment(newest, lane);
        const verdicts = this.#verdicts.get(layer)?.of(lane) ?? {};
        return {
          layer,
          lane,
          topic,
          ...progressOf(ends.get(lane) ?? 0, newest, this.clock.epochMs()),
          verdicts,
          lastSegment,
        };
      });
    return Promise.all(reports);
  }

  async #inputEnds(topic: string): Promise<ReadonlyMap<number, number>> {
    if ((await this.log.describeTopic(topic)) === undefined) return new Map();
    return new Map((await this.log.offsetRanges(topic)).map(({ end }, lane) => [lane, end]));
  }

  /** By lane: of the layer's tables, the segment that reaches furthest (a table without new rows gets no segment). */
  #newestSegments(tables: readonly string[]): ReadonlyMap<number, PublishedSegment> {
    const newest = new Map<number, PublishedSegment>();
    for (const table of tables)
      for (const [lane, footer] of this.lake.lastFooters(table))
        if (footer.next > (newest.get(lane)?.next ?? -1)) newest.set(lane, { ...footer, table });
    return newest;
  }

  async #reportSegment(
    { table, first, next, rows }: PublishedSegment,
    lane: number,
  ): Promise<ReportedSegment | null> {
    const path = this.lake.files(table).findLast((file) => basename(dirname(file)) === `lane=${lane}`);
    if (path === undefined) return null;
    try {
      return { table, first, next, rows, at: (await stat(path)).mtime.toISOString() };
    } catch {
      // Compacted away since the lake was listed: the next look shows what it became.
      return null;
    }
  }
}

function progressOf(
  inputEnd: number,
  newest: PublishedSegment | undefined,
  nowMs: number,
): Pick<LaneReport, 'inputEnd' | 'position' | 'lag' | 'watermark' | 'freshnessSeconds'> {
  const position = newest?.next ?? 0;
  const watermark = newest?.watermark ?? null;
  return {
    inputEnd,
    position,
    lag: Math.max(0, inputEnd - position),
    watermark: watermark === null ? null : isoTime(watermark),
    freshnessSeconds: watermark === null ? null : nowMs / 1000 - watermark / 1e6,
  };
}
