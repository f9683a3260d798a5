import type { Chain } from '@engine/lake/ports';
import { goldBars, goldMetrics, silverMarkers, silverTicks, silverWindows } from '@engine/medallion';
import type { TableSchema } from '@engine/medallion';

import { goldPast } from '../gold-past.js';
import { rangeOf } from '../log-tail.js';
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
