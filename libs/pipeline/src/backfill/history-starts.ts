import { decodeBronzeMessage } from '@engine/contracts';
import type { Chain } from '@engine/lake/ports';
import {
  bronzeEvents,
  goldBars,
  goldMetrics,
  silverMarkers,
  silverTicks,
  silverWindows,
} from '@engine/medallion';
import type { BronzeTicks, TableSchema } from '@engine/medallion';

import { goldPast } from '../gold-past.js';
import { BATCH, rangeOf } from '../log-tail.js';
import { LaneHistoryLostError, RulesChangedError } from '../recovery-errors.js';
import { checkSameLog, inputIdentity } from '../replaced-log.js';
import { SilverHistory } from '../silver-history.js';
import { partitionsOf } from './layer-backfill.js';
import type { BackfillSources } from './layer-backfill.js';

/** Rows that all later ones follow from are not kept any more. */
export class HistoryRetiredError extends Error {
  readonly retriable = false;
  readonly exitCode = 78;
  override readonly name = 'HistoryRetiredError';
  constructor(lane: number, start: number) {
    super(
      `silver/ticks/lane=${lane} begins at offset ${start}: retention has taken what came before (RETENTION_SILVER), and what ` +
        'follows from it cannot be computed anew. `engine backfill --layer silver --order event-time` makes a new history of ' +
        'all that bronze has.',
    );
  }
}

/** Per lane of silver: up to where the lake knows all of its records. The log tells what comes after. */
export async function silverHistoryStarts(sources: BackfillSources): Promise<readonly number[]> {
  const { log, topics, lake } = sources;
  await checkSource(sources, topics.bronzeTicks, [silverTicks, silverMarkers, silverWindows]);
  return eachLane(sources, async (lane) => {
    const history = await SilverHistory.open(lake, lane);
    checkWhole(history, lane);
    const available = await rangeOf(log, topics.bronzeTicks, lane);
    if (history.end < available.start)
      throw new LaneHistoryLostError(
        { topic: topics.bronzeTicks, lane, wanted: history.end, available },
        history,
      );
    return history.end;
  });
}

/** By partition of `stock-ticks`: the records below are in bronze. */
export async function bronzeEnds({ log, topics, lake }: BackfillSources): Promise<readonly number[]> {
  const ends: number[] = [];
  const partitions = await partitionsOf(log, topics.stockTicks);
  for (let partition = 0; partition < partitions; partition++)
    ends.push((await lake.read(bronzeEvents, partition)).end);
  return ends;
}

/**
 * Per lane of silver: the first record of its log that has a tick of a record that is not in bronze yet. Those before it have
 * ticks that bronze has: they can be put into another order. `ends`: `bronzeEnds`, which move on while bronze runs.
 */
export async function eventTimeHistoryStarts(
  sources: BackfillSources,
  ends: readonly number[],
): Promise<readonly number[]> {
  const { topics } = sources;
  await checkSource(sources, topics.bronzeTicks, [silverTicks, silverMarkers, silverWindows]);
  return eachLane(sources, (lane) => firstUnpublished(sources, lane, ends));
}

async function firstUnpublished(
  { log, topics }: BackfillSources,
  lane: number,
  ends: readonly number[],
): Promise<number> {
  const range = await rangeOf(log, topics.bronzeTicks, lane);
  for (let position = range.start; position < range.end;) {
    for (const { offset, value } of await log.read(topics.bronzeTicks, lane, position, BATCH)) {
      const { message } = decodeBronzeMessage(value);
      if (message.kind === 'ticks' && isUnpublished(message.ticks, ends)) return offset;
      position = offset + 1;
    }
  }
  return range.end;
}

const isUnpublished = (
  { n, originPartition, originOffset }: BronzeTicks,
  ends: readonly number[],
): boolean => {
  for (let row = 0; row < n; row++) if (originOffset[row]! >= (ends[originPartition[row]!] ?? 0)) return true;
  return false;
};

/**
 * Per lane of gold: where its input begins to tell what the rows of silver that it is computed from do not. Where silver is
 * computed anew, to the end of its own input, nothing that it has sent before does.
 */
export async function goldHistoryStarts(
  sources: BackfillSources,
  isSilverNew: boolean,
): Promise<readonly number[]> {
  const { log, topics, lake, rules } = sources;
  await checkSource(sources, topics.silverTicks, [goldBars, goldMetrics]);
  return eachLane(sources, async (lane) => {
    if (isSilverNew) return (await rangeOf(log, topics.silverTicks, lane)).end;
    const history = await SilverHistory.open(lake, lane);
    checkWhole(history, lane);
    const foreign = history.decidedByOthers(0, rules);
    if (foreign !== undefined)
      throw new RulesChangedError(`silver/ticks/lane=${lane}`, foreign.rules, rules, SILVER_FIRST);
    return goldPast(topics.silverTicks).resumeAt(log, lane, history.end);
  });
}

const SILVER_FIRST =
  'gold follows from silver. `engine backfill --layer silver` computes both anew under the rules of now.';

async function eachLane(
  { log, topics }: BackfillSources,
  start: (lane: number) => Promise<number>,
): Promise<readonly number[]> {
  const starts: number[] = [];
  const lanes = await partitionsOf(log, topics.bronzeTicks);
  for (let lane = 0; lane < lanes; lane++) starts.push(await start(lane));
  return starts;
}

function checkWhole({ start }: SilverHistory, lane: number): void {
  if (start > 0) throw new HistoryRetiredError(lane, start);
}

/** What is there was made from the log that is here. */
async function checkSource(
  { log, topics, lake }: BackfillSources,
  topic: string,
  tables: readonly TableSchema[],
): Promise<void> {
  const lanes = await partitionsOf(log, topics.bronzeTicks);
  const identity = await inputIdentity(log, topic);
  for (let lane = 0; lane < lanes; lane++) {
    const { end } = await rangeOf(log, topic, lane);
    const chains: Pick<Chain, 'table' | 'lane' | 'end' | 'lastFooter'>[] = [];
    for (const table of tables) {
      const stored = await lake.read(table, lane);
      chains.push({ table, lane, end: stored.end, lastFooter: stored.segments.at(-1) });
    }
    checkSameLog(chains, identity, end);
  }
}
