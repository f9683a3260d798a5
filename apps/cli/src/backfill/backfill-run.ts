import type { LayerConfig } from '@engine/config';
import { groupNames } from '@engine/contracts';
import { LakeGenerations } from '@engine/lake';
import type { GenerationFacts, Generations } from '@engine/lake';
import { silverTicks } from '@engine/medallion';
import type { LayerName } from '@engine/medallion';
import { bronzeEnds, eventTimeHistoryStarts, goldHistoryStarts, silverHistoryStarts } from '@engine/pipeline';
import type { BackfillSources } from '@engine/pipeline';

import { CommandError } from '../usage-error.js';
import { openSources } from './lane-work.js';
import { runLanes } from './lane-threads.js';
import type { LaneObserver, TickOrder } from './lane-work.js';

export interface BackfillOrder {
  readonly layer: 'silver' | 'gold';
  readonly order: TickOrder;
  readonly threads: number;
}

/** What a backfill will do, found out before it begins. */
interface Plan {
  /** Gold follows from silver: with it, it is computed anew. */
  readonly layers: readonly LayerName[];
  readonly lanes: readonly number[];
  readonly folders: Generations;
}

/**
 * Computes a layer anew, into generations that nobody sees before all of them are complete; then uses them. Resolves to the
 * new folders. Killed and run again, it goes on with what it had begun, as long as that would still come out the same.
 */
export async function backfill(
  config: LayerConfig,
  env: NodeJS.ProcessEnv,
  order: BackfillOrder,
  observer: LaneObserver,
): Promise<Generations> {
  const generations = LakeGenerations.of(config.lakeFolder);
  const opened = await openSources(config);
  const { sources } = opened;
  try {
    await assertStopped(sources, config.topicPrefix);
    const { layers, lanes, folders } = await plan(sources, generations, order);
    await runLanes(
      lanes,
      order.threads,
      { env, generations: { layers, folders, order: order.order } },
      observer,
    );
    await assertStopped(sources, config.topicPrefix);
    await generations.use(folders);
    return Object.fromEntries(layers.map((name) => [name, folders[name] ?? name]));
  } finally {
    await opened.close();
  }
}

/** Beside `engine up`, of which the folder's lock tells, a layer's app may run by itself, and on Kafka anywhere. */
async function assertStopped({ log, topics }: BackfillSources, topicPrefix: string): Promise<void> {
  const groups = groupNames(topicPrefix);
  const members = [
    ...(await log.members(topics.bronzeTicks, groups.silver)).map((member) => `silver: ${member}`),
    ...(await log.members(topics.silverTicks, groups.gold)).map((member) => `gold: ${member}`),
  ];
  if (members.length > 0) throw new CommandError(runningText(members), 78);
}

const runningText = (members: readonly string[]): string =>
  `Silver and gold must be stopped while one of them is computed anew; these run (${members.join('; ')}). Stop them, then ` +
  'repeat the command: it goes on where it is. One that was killed may count for some seconds yet.';

async function plan(
  sources: BackfillSources,
  generations: LakeGenerations,
  { layer, order }: BackfillOrder,
): Promise<Plan> {
  const layers: readonly LayerName[] = layer === 'silver' ? ['silver', 'gold'] : ['gold'];
  const folders: Record<string, string> = { silver: await generations.inUse('silver') };
  if (layer === 'silver')
    folders['silver'] = await generations.begin(
      'silver',
      await silverFacts(sources, order, folders['silver']),
    );
  const starts = await goldHistoryStarts(sources, layer === 'silver');
  const basis = await basisOf(sources, folders['silver']);
  folders['gold'] = await generations.begin('gold', {
    historyStarts: byNumber(starts),
    eventTime: null,
    basis,
  });
  return { layers, folders, lanes: await largestFirst(sources, [...starts.keys()]) };
}

/** Threads that are done wait for the lane that was begun last: it should be a small one. */
async function largestFirst({ lake }: BackfillSources, lanes: readonly number[]): Promise<readonly number[]> {
  const rows = new Map<number, number>();
  for (const lane of lanes) {
    const { segments } = await lake.read(silverTicks, lane);
    rows.set(
      lane,
      segments.reduce((sum, segment) => sum + segment.rows, 0),
    );
  }
  return lanes.toSorted((a, b) => rows.get(b)! - rows.get(a)!);
}

async function silverFacts(
  sources: BackfillSources,
  order: TickOrder,
  inUse: string | undefined,
): Promise<GenerationFacts> {
  const basis = { ...(await basisOf(sources, inUse)), order };
  if (order === 'recorded') {
    const historyStarts = byNumber(await silverHistoryStarts(sources));
    // What was put into another order once stays in it.
    const { eventTime } = await sources.lake.generation('silver');
    return { historyStarts, eventTime, basis };
  }
  const ends = await bronzeEnds(sources);
  const partitionEnds = byNumber(ends);
  const laneEnds = byNumber(await eventTimeHistoryStarts(sources, ends));
  return { historyStarts: laneEnds, eventTime: { laneEnds, partitionEnds }, basis };
}

const byNumber = (values: readonly number[]): Readonly<Record<string, number>> =>
  Object.fromEntries(values.entries());

/** Rules, the topics with their ids, and what silver is computed from or is. */
async function basisOf(
  { log, topics, rules }: BackfillSources,
  silver: string | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const ids: Record<string, unknown> = {};
  for (const topic of [topics.bronzeTicks, topics.silverTicks])
    ids[topic] = (await log.describeTopic(topic))?.id;
  return { rules, topics: ids, silver };
}
