import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { DashboardConfig } from '@engine/config';
import { topicNames } from '@engine/contracts';
import type { LaneReport, ReportedSegment } from '@engine/contracts/api';
import type { SegmentFooter } from '@engine/lake';
import type { LayerName } from '@engine/medallion';
import { Log, OffsetOutOfRangeError } from '@engine/stream';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { DASHBOARD_CONFIG } from '../dashboard-config.token.js';
import { LakeView } from '../lake/lake-view.js';
import { isoTime } from '../time.js';
import type { LayerTables } from './layer-tables.js';
import { ProcessedOffsets } from './processed-offsets.js';
import { VerdictCounts } from './verdict-counts.js';

type PublishedSegment = SegmentFooter & { readonly table: string };

/** What is known of one lane of a layer, before it is put into words. */
interface LaneFacts {
  readonly topic: string;
  readonly lane: number;
  readonly inputEnd: number;
  readonly newest: PublishedSegment | undefined;
  readonly processed: number;
}

/** How far every lane of a layer is, from the log's ends and the segments' footers: so a dead layer is shown too. */
@Injectable()
export class LaneReports {
  constructor(
    private readonly log: Log,
    private readonly lake: LakeView,
    private readonly verdicts: VerdictCounts,
    private readonly offsets: ProcessedOffsets,
    private readonly clock: Clock,
    @Inject(DASHBOARD_CONFIG) private readonly config: DashboardConfig,
  ) {}

  /** In the order of the lanes, as of the lake's last listing. */
  async of({ layer, input, tables }: LayerTables): Promise<readonly LaneReport[]> {
    const topic = topicNames(this.config.topicPrefix)[input];
    const [ends, sent] = await Promise.all([this.#inputEnds(topic), this.offsets.of(layer)]);
    const segments = this.#newestSegments(tables);
    const lanes = [...new Set([...ends.keys(), ...segments.keys()])].sort((one, other) => one - other);
    return Promise.all(
      lanes.map((lane) => {
        const newest = segments.get(lane);
        const processed = Math.max(newest?.next ?? 0, sent.get(lane) ?? 0);
        return this.#report(layer, { topic, lane, inputEnd: ends.get(lane) ?? 0, newest, processed });
      }),
    );
  }

  async #report(layer: LayerName, facts: LaneFacts): Promise<LaneReport> {
    const { topic, lane, inputEnd, newest, processed } = facts;
    const position = newest?.next ?? 0;
    const pending = Math.max(0, inputEnd - processed);
    return {
      layer,
      lane,
      topic,
      inputEnd,
      position,
      lag: Math.max(0, inputEnd - position),
      processed,
      pending,
      lagSeconds: pending === 0 ? 0 : await this.#ageSeconds(topic, lane, processed),
      ...clockOf(newest, this.clock.epochMs()),
      verdicts: layer === 'gold' ? {} : this.verdicts[layer].byVerdict(lane),
      lastSegment: newest === undefined ? null : await this.#reportSegment(newest, lane),
    };
  }

  async #ageSeconds(topic: string, lane: number, offset: number): Promise<number> {
    try {
      const [record] = await this.log.read(topic, lane, offset, { maxRecords: 1, maxBytes: 1 });
      return record === undefined ? 0 : Math.max(0, this.clock.epochMs() - record.timeMs) / 1000;
    } catch (error) {
      // Gone from the log before it was processed: that is shown by the layer itself, which stops.
      if (error instanceof OffsetOutOfRangeError) return 0;
      throw error;
    }
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

function clockOf(
  newest: PublishedSegment | undefined,
  nowMs: number,
): Pick<LaneReport, 'watermark' | 'freshnessSeconds'> {
  const watermark = newest?.watermark ?? null;
  return {
    watermark: watermark === null ? null : isoTime(watermark),
    freshnessSeconds: watermark === null ? null : nowMs / 1000 - watermark / 1e6,
  };
}
