import type { Log } from '@engine/stream/ports';

import type { LanePast } from './lane-io.js';
import { rangeOf } from './log-tail.js';
import { LaneHistoryLostError, RulesChangedError } from './recovery-errors.js';
import type { LaneHistory } from './silver-history.js';

/** A lane that may have to be brought forward from the lake before the log can go on with it. */
export interface RebuiltLane {
  readonly lane: number;
  readonly position: number;
  /** The offset of silver's lane that it wants next. */
  readonly wants: number;
  /** Processes the records from the offset it wants on, and goes on at an offset of the log. */
  recall(history: LaneHistory, resumeAt: number): Promise<void>;
}

export interface RebuildSources<Message> {
  readonly log: Pick<Log, 'offsetRanges' | 'read'>;
  readonly inputTopic: string;
  /** What is known of the lane beside the log. */
  readonly history: (lane: number) => Promise<LaneHistory>;
  /** Below this offset the log is not to be used, whatever it holds. */
  readonly historyStart: number;
  readonly past: LanePast<Message>;
  /** Version of the rules: what others have decided cannot be decided again. */
  readonly rules: string;
}

/**
 * Brings a lane to where its log begins, if that is above its position: from what the lake keeps of silver's lane. `target`
 * gives the lane as it stands. The log may go on losing its oldest records meanwhile; then the rest is had in another round.
 * Resolves to whether anything had to be done; throws `LaneHistoryLostError` where lake and log do not meet.
 */
export async function rebuildIfNeeded<Message>(
  target: () => RebuiltLane,
  sources: RebuildSources<Message>,
): Promise<boolean> {
  for (let rounds = 0; ; rounds++) {
    const lane = target();
    const held = await rangeOf(sources.log, sources.inputTopic, lane.lane);
    const range = { start: Math.max(held.start, sources.historyStart), end: held.end };
    if (lane.position >= range.start) return rounds > 0;
    await rebuild(lane, sources, range);
  }
}

async function rebuild<Message>(
  target: RebuiltLane,
  { history: open, log, past, inputTopic, rules }: RebuildSources<Message>,
  range: LaneHistoryLostError['available'],
): Promise<void> {
  const { lane, position, wants } = target;
  const history = await open(lane);
  const { start, end } = history;
  if (start > wants || end <= wants)
    throw new LaneHistoryLostError({ topic: inputTopic, lane, wanted: position, available: range }, history);
  const foreign = history.decidedByOthers(wants, rules);
  if (foreign !== undefined) {
    const where = `silver/ticks/lane=${lane}, offsets [${foreign.first}, ${foreign.next})`;
    throw new RulesChangedError(where, foreign.rules, rules, NOT_AGAIN);
  }
  const resumeAt = await past.resumeAt(log, lane, end);
  if (resumeAt < range.start)
    throw new LaneHistoryLostError({ topic: inputTopic, lane, wanted: resumeAt, available: range }, history);
  await target.recall(history, resumeAt);
}

const NOT_AGAIN =
  "the lane would have to be decided again from the lake, and would come out differently. Bring the lake's _state folder or " +
  "the log's older records back, or run `engine backfill --layer silver` to decide all of it under the rules of now.";
