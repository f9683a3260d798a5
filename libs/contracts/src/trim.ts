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
  const from = firstAbove(ticks, mark);
  if (from === ticks.n) return null;
  return from === 0 ? message : { kind: 'ticks', ticks: sliceRows(ticks, from, ticks.n) };
}

/** The rows at or below `mark`: what `rowsAbove` leaves out. */
export function rowsUpTo(message: SilverMessage, mark: Coordinate): SilverMessage | null {
  if (message.kind === 'marker') return isAbove(lastCoordinate(message), mark) ? null : message;
  const { ticks } = message;
  const to = firstAbove(ticks, mark);
  if (to === 0) return null;
  return to === ticks.n ? message : { kind: 'ticks', ticks: sliceRows(ticks, 0, to) };
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
  const pick = <T>(column: ArrayLike<T>): T[] => rows.map((row) => column[row] as T);
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

function firstAbove(ticks: SilverTicks, mark: Coordinate | null): number {
  let from = 0;
  while (from < ticks.n && !isAbove(coordinateAt(ticks, from), mark)) from++;
  return from;
}

function sliceRows(ticks: SilverTicks, from: number, to: number): SilverTicks {
  return {
    n: to - from,
    symbols: ticks.symbols,
    symbol: ticks.symbol.slice(from, to),
    eventTimeUs: ticks.eventTimeUs.slice(from, to),
    price: ticks.price.slice(from, to),
    size: ticks.size.slice(from, to),
    inOrder: ticks.inOrder.slice(from, to),
    sma: ticks.sma.slice(from, to),
    volatility: ticks.volatility.slice(from, to),
    logReturn: ticks.logReturn.slice(from, to),
    laneOffset: ticks.laneOffset.slice(from, to),
    laneIndex: ticks.laneIndex.slice(from, to),
    recordTimeUs: ticks.recordTimeUs.slice(from, to),
  };
}
