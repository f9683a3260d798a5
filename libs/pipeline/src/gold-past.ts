import { decodeSilverMessage, lastCoordinate, rowsAbove, rowsUpTo } from '@engine/contracts';
import type { Coordinate } from '@engine/contracts';
import type { Chain } from '@engine/lake/ports';
import type { SilverMessage } from '@engine/medallion';
import { OffsetOutOfRangeError } from '@engine/stream/ports';
import type { LogRecord } from '@engine/stream/ports';

import type { LanePast } from './lane-io.js';
import { BATCH, lastRecord, rangeOf } from './log-tail.js';
import { LaneHistoryLostError, UnplacedChainError } from './recovery-errors.js';

type PastLog = Parameters<LanePast<SilverMessage>['resumeAt']>[0];

/**
 * Gold's input offsets say nothing of silver's lane: how its rows were put into messages, and which were sent twice, is
 * known to nobody once they have gone. Hence the footers tell up to which row of silver a segment goes.
 */
export const goldPast = (topic: string): LanePast<SilverMessage> => ({
  hasSilverOffsets: false,
  storedTo,
  split: ({ offset, message }, mark) => {
    const upTo = rowsUpTo(message, mark);
    const above = rowsAbove(message, mark);
    return { upTo: upTo && { offset, message: upTo }, above: above && { offset, message: above } };
  },
  async resumeAt(log, lane, end) {
    for (;;) {
      try {
        return await firstRecordFrom(log, { topic, lane, end });
      } catch (error) {
        // The log has lost its oldest records while they were read: what is left is looked through anew.
        if (!(error instanceof OffsetOutOfRangeError)) throw error;
      }
    }
  },
});

function storedTo({ table, lane, end, lastFooter }: Chain): Coordinate | null {
  if (end === 0) return null;
  const where = `${table.name}/lane=${lane}`;
  // Retention leaves the last segment; without it rows that have gone by their age would be published anew.
  if (lastFooter === undefined) throw new UnplacedChainError(where, `below ${end} its segments are gone`);
  if (lastFooter.through === null)
    throw new UnplacedChainError(where, 'another version has written its footer, without "through"');
  const through = JSON.parse(lastFooter.through) as readonly [number, number] | null;
  return through && { offset: through[0], index: through[1] };
}

/** The first record that has a row at or above the offset `end` of silver's lane; the log's end where there is none. */
async function firstRecordFrom(
  log: PastLog,
  { topic, lane, end }: { readonly topic: string; readonly lane: number; readonly end: number },
): Promise<number> {
  const range = await rangeOf(log, topic, lane);
  const tail = await lastRecord(log, topic, lane);
  if (tail !== undefined && lastOffset(tail) < end) return tail.offset + 1;
  let position = range.start;
  while (position < range.end) {
    for (const { offset, value } of await log.read(topic, lane, position, BATCH)) {
      const { message, prev } = decodeSilverMessage(value);
      if (offset === range.start && prev !== null && prev.offset >= end)
        throw new LaneHistoryLostError(
          { topic, lane, wanted: offset - 1, available: range },
          { start: 0, end },
        );
      if ((lastCoordinate(message)?.offset ?? -1) >= end) return offset;
      position = offset + 1;
    }
  }
  return position;
}

const lastOffset = ({ value }: LogRecord): number =>
  lastCoordinate(decodeSilverMessage(value).message)?.offset ?? -1;
