import { BronzeValues } from '@engine/lake/ports';
import type { ChainStore, ScannedRows, SnapshotStore } from '@engine/lake/ports';
import { silverMarkers } from '@engine/medallion';
import type { GoldSettings, SilverSettings } from '@engine/medallion';

import type { Log } from '@engine/stream/ports';

import { goldWiring } from '../gold-lane.js';
import type { PipelineContext, PipelineLog } from '../lane-wiring.js';
import { SilverHistory } from '../silver-history.js';
import { SENT_COLUMNS } from '../stored-silver-message.js';
import { silverWiring } from '../silver-lane.js';
import { backfillLane } from './backfill-lane.js';
import type { BackfillContext } from './backfill-lane.js';
import { EventTimeHistory } from './event-time-history.js';
import { RecordedHistory } from './recorded-history.js';

export interface BackfillTopics {
  readonly stockTicks: string;
  readonly bronzeTicks: string;
  readonly silverTicks: string;
  readonly goldUpdates: string;
}

export type BackfillLog = PipelineLog & Pick<Log, 'members'>;

/** What a backfill reads. */
export interface BackfillSources {
  readonly log: BackfillLog;
  readonly topics: BackfillTopics;
  /** The generations in use. */
  readonly lake: ChainStore;
  readonly settings: SilverSettings & GoldSettings;
  /** Version of the rules and settings under which all is decided. */
  readonly rules: string;
}

/** Where it writes. */
export interface BackfillTarget extends Pick<PipelineContext, 'limits' | 'observer'> {
  /** With the new generations. Gold is read from its silver: the new one, where that is computed anew as well. */
  readonly lake: ChainStore;
  readonly snapshots: SnapshotStore;
}

const SNAPSHOT_MS = 30_000;

/** Computes silver anew in one lane: in the order it has recorded, from bronze's values. */
export async function backfillSilver(
  lane: number,
  sources: BackfillSources,
  target: BackfillTarget,
): Promise<void> {
  const { log, topics, lake, settings } = sources;
  const lanes = await partitionsOf(log, topics.bronzeTicks);
  const partitions = Array.from({ length: await partitionsOf(log, topics.stockTicks) }, (_, at) => at);
  const bronze = await BronzeValues.open(lake, partitions, { lane, lanes });
  try {
    const history = async (): Promise<RecordedHistory> =>
      new RecordedHistory(await SilverHistory.open(lake, lane), (rows) => bronze.instead(rows));
    await backfillLane(silverWiring(topics, settings), contextOf(sources, target, history), lane);
  } finally {
    await bronze.close();
  }
}

/** Computes silver anew in one lane: by event time, up to where its new generation says. */
export async function backfillSilverByEventTime(
  lane: number,
  sources: BackfillSources,
  target: BackfillTarget,
): Promise<void> {
  const { log, topics, lake, settings } = sources;
  const lanes = await partitionsOf(log, topics.bronzeTicks);
  const { eventTime } = await target.lake.generation('silver');
  if (eventTime === null)
    throw new Error('The new generation does not say what is in the order of event time');
  const scan = (): AsyncGenerator<ScannedRows, void> =>
    lake.acceptedByEventTime({ lane, lanes }, eventTime.partitionEnds);
  const history = async (): Promise<EventTimeHistory> =>
    new EventTimeHistory({
      ticks: await countRows(scan()),
      scan,
      lastMarkerUs: await lastMarkerUs(lake, lane),
      end: eventTime.laneEnds[lane] ?? 0,
    });
  await backfillLane(silverWiring(topics, settings), contextOf(sources, target, history), lane);
}

async function countRows(scan: AsyncIterable<ScannedRows>): Promise<number> {
  let count = 0;
  for await (const { rows } of scan) count += rows;
  return count;
}

async function lastMarkerUs(lake: ChainStore, lane: number): Promise<number | null> {
  let last: number | null = null;
  const markers = await lake.read(silverMarkers, lane);
  for await (const rows of markers.scan(markers.start, ['marker']))
    for (const markerUs of rows.numbers('marker')) last = Math.max(last ?? markerUs, markerUs);
  return last;
}

/** Computes gold anew in one lane, from silver. */
export async function backfillGold(
  lane: number,
  sources: BackfillSources,
  target: BackfillTarget,
): Promise<void> {
  const history = (): Promise<SilverHistory> => SilverHistory.open(target.lake, lane, SENT_COLUMNS);
  await backfillLane(goldWiring(sources.topics, sources.settings), contextOf(sources, target, history), lane);
}

export async function partitionsOf(log: Pick<PipelineLog, 'describeTopic'>, topic: string): Promise<number> {
  const description = await log.describeTopic(topic);
  if (description === undefined) throw new TopicMissingError(topic);
  return description.partitions;
}

/** A layer that is computed anew goes on in its topic: without one it could not. */
export class TopicMissingError extends Error {
  readonly retriable = false;
  readonly exitCode = 78;
  override readonly name = 'TopicMissingError';
  constructor(topic: string) {
    super(
      `The log has no topic ${topic}: a generation that is computed anew must be gone on with where the old one ended. ` +
        'Bring the log back, or run `engine lake archive` to move the lake aside and begin a new one.',
    );
  }
}

function contextOf(
  { log, rules }: BackfillSources,
  { lake, snapshots, limits, observer }: BackfillTarget,
  history: BackfillContext['history'],
): BackfillContext {
  const checkpoints = { store: snapshots, intervalMs: SNAPSHOT_MS };
  return { log, lake, limits, checkpoints, rules, observer, history };
}
