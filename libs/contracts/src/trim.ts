import type { BronzeTicks, SilverMessage, SilverTicks } from '@engine/medallion';

import { compareCoordinates, showCoordinate } from './coordinate.js';
import type { Coordinate } from './coordinate.js';
import { GapError } from './errors.js';
import { coordinateAt, lastCoordinate } from './wire/silver-ticks.js';
import { malformed } from './wire/wire-message.js';

/**
 * Drops the ticks that were seen before and advances `highWater`, the last row seen per partition of `stock-ticks`, so that
 * rows sent again, with whatever message boundaries, change nothing. Returns `ticks` itself when all of them are new.
 * Throws `GapError`, and changes nothing, when the message follows a row that was never seen.
 */
export function trimBronze(
  ticks: BronzeTicks,
  prev: ReadonlyMap<number, Coordinate | null>,
  highWater: Map<number, Coordinate>,
): BronzeTicks {
  const marks = openMarks(prev, highWater);
  const unseen = unseenRows(ticks, marks);
  for (const [partition, { offset, index, moved }] of marks)
    if (moved) highWater.set(partition, { offset, index });
  return unseen === undefined ? ticks : pickRows(ticks, unseen);
}

/** As `trimBronze`, with one chain for the whole lane; `message` is null when all of it was seen before. */
export function trimSilver(
  message: SilverMessage,
  prev: Coordinate | null,
  highWater: Coordinate | null,
): { message: SilverMessage | null; highWater: Coordinate | null } {
  checkSeen(null, prev, highWater);
  const unseen = rowsAbove(message, highWater);
  return { message: unseen, highWater: (unseen && lastCoordinate(unseen)) ?? highWater };
}

/** The rows above `mark` (null: all): `message` itself, a shorter one, or null when there are none. */
export function rowsAbove(message: SilverMessage, mark: Coordinate | null): SilverMessage | null {
  if (message.kind === 'marker') return isAbove(lastCoordinate(message), mark) ? message : null;
  const { ticks } = message;
  let from = 0;
  while (from < ticks.n && !isAbove(coordinateAt(ticks, from), mark)) from++;
  if (from === ticks.n) return null;
  return from === 0 ? message : { kind: 'ticks', ticks: dropRows(ticks, from) };
}

/** The high-water mark of a partition while a message is gone through. */
interface Mark {
  offset: number;
  index: number;
  moved: boolean;
}

function openMarks(
  prev: ReadonlyMap<number, Coordinate | null>,
  highWater: ReadonlyMap<number, Coordinate>,
): Map<number, Mark> {
  const marks = new Map<number, Mark>();
  for (const [partition, wanted] of prev) {
    const seen = highWater.get(partition);
    checkSeen(partition, wanted, seen ?? null);
    marks.set(partition, { offset: seen?.offset ?? -1, index: seen?.index ?? -1, moved: false });
  }
  return marks;
}

function checkSeen(partition: number | null, wanted: Coordinate | null, highWater: Coordinate | null): void {
  if (wanted !== null && isAbove(wanted, highWater)) throw new GapError(partition, wanted, highWater);
}

/** The rows above their marks, undefined when that is all of them. Moves the marks. */
function unseenRows(ticks: BronzeTicks, marks: ReadonlyMap<number, Mark>): number[] | undefined {
  let unseen: number[] | undefined;
  for (let row = 0; row < ticks.n; row++) {
    const offset = ticks.originOffset[row]!;
    const index = ticks.originIndex[row]!;
    const mark = markOf(marks, ticks.originPartition[row]!);
    if (offset > mark.offset || (offset === mark.offset && index > mark.index)) {
      mark.offset = offset;
      mark.index = index;
      mark.moved = true;
      unseen?.push(row);
    } else {
      // Below a row of this very message: dropping it as seen would lose it.
      if (mark.moved)
        throw malformed(
          `oo[${row}]`,
          `rows above ${showCoordinate(mark)}`,
          showCoordinate({ offset, index }),
        );
      unseen ??= Array.from({ length: row }, (_, before) => before);
    }
  }
  return unseen;
}

function markOf(marks: ReadonlyMap<number, Mark>, partition: number): Mark {
  const mark = marks.get(partition);
  if (mark === undefined)
    throw malformed('prev', `partition ${partition}, which has rows`, [...marks.keys()].join());
  return mark;
}

const isAbove = (coordinate: Coordinate | null, mark: Coordinate | null): boolean =>
  coordinate !== null && (mark === null || compareCoordinates(coordinate, mark) > 0);

function pickRows(ticks: BronzeTicks, rows: readonly number[]): BronzeTicks {
  const pick = <T>(column: readonly T[]): T[] => rows.map((row) => column[row] as T);
  return {
    n: rows.length,
    symbols: ticks.symbols,
    symbol: pick(ticks.symbol),
    eventTimeUs: pick(ticks.eventTimeUs),
    price: pick(ticks.price),
    size: pick(ticks.size),
    side: pick(ticks.side),
    tradeId: pick(ticks.tradeId),
    sources: ticks.sources,
    source: pick(ticks.source),
    originPartition: pick(ticks.originPartition),
    originOffset: pick(ticks.originOffset),
    originIndex: pick(ticks.originIndex),
    recordTimeUs: pick(ticks.recordTimeUs),
  };
}

function dropRows(ticks: SilverTicks, from: number): SilverTicks {
  return {
    n: ticks.n - from,
    symbols: ticks.symbols,
    symbol: ticks.symbol.slice(from),
    eventTimeUs: ticks.eventTimeUs.slice(from),
    price: ticks.price.slice(from),
    size: ticks.size.slice(from),
    inOrder: ticks.inOrder.slice(from),
    sma: ticks.sma.slice(from),
    volatility: ticks.volatility.slice(from),
    logReturn: ticks.logReturn.slice(from),
    laneOffset: ticks.laneOffset.slice(from),
    laneIndex: ticks.laneIndex.slice(from),
    recordTimeUs: ticks.recordTimeUs.slice(from),
  };
}
