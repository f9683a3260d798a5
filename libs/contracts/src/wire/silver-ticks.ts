import type { SilverMarker, SilverMessage, SilverTicks } from '@engine/medallion';

import type { Coordinate } from '../coordinate.js';
import { compareCoordinates, showCoordinate } from '../coordinate.js';
import { cutMessages } from './cut.js';
import { sliceIndexed, unlessAllNull, unlessAllZero } from './dictionary.js';
import { malformed, WIRE_VERSION, WireMessage } from './wire-message.js';

/** What a message of `silver-ticks` says, and which row of the lane it follows (null: none). A marker counts as a row. */
export interface DecodedSilverMessage {
  readonly message: SilverMessage;
  readonly prev: Coordinate | null;
}

/** The values for `silver-ticks`, each naming the row before its first: `last` for the first of them, then one another's. */
export function encodeSilverMessages(
  messages: readonly SilverMessage[],
  last: Coordinate | null,
): { values: string[]; last: Coordinate | null } {
  let previous = last;
  const values = messages.flatMap((message) => {
    const encoded =
      message.kind === 'marker' ? [encodeMarker(message, previous)] : encodeTicks(message.ticks, previous);
    previous = lastCoordinate(message) ?? previous;
    return encoded;
  });
  return { values, last: previous };
}

/** Throws `UnknownVersionError` or `MalformedMessageError`. */
export function decodeSilverMessage(value: Uint8Array | null): DecodedSilverMessage {
  const wire = WireMessage.parse(value);
  const prev = wire.coordinateOrNull('prev');
  if (wire.isMarker) return { message: readMarker(wire), prev };
  const ticks = readColumns(wire);
  const disordered = firstDisorder(ticks);
  if (disordered !== undefined)
    throw malformed(
      `o[${disordered}]`,
      'rows in lane order',
      showCoordinate(coordinateAt(ticks, disordered)),
    );
  return { message: { kind: 'ticks', ticks }, prev };
}

/** Where the message's last row stands; null when it has none. */
export function lastCoordinate(message: SilverMessage): Coordinate | null {
  if (message.kind === 'marker') return { offset: message.laneOffset, index: message.laneIndex };
  return message.ticks.n === 0 ? null : coordinateAt(message.ticks, message.ticks.n - 1);
}

export function coordinateAt(ticks: SilverTicks, row: number): Coordinate {
  return { offset: ticks.laneOffset[row]!, index: ticks.laneIndex[row]! };
}

function encodeMarker({ markerUs, laneOffset, laneIndex }: SilverMarker, prev: Coordinate | null): string {
  return JSON.stringify({
    v: WIRE_VERSION,
    prev: toPair(prev),
    marker: markerUs,
    o: laneOffset,
    i: laneIndex,
  });
}

function encodeTicks(ticks: SilverTicks, last: Coordinate | null): string[] {
  let prev = last;
  return cutMessages(ticks.n, {
    encode: (from, to) => encodeRows(ticks, from, to, prev),
    sent: (_from, to) => {
      prev = coordinateAt(ticks, to - 1);
    },
  });
}

function encodeRows(ticks: SilverTicks, from: number, to: number, prev: Coordinate | null): string {
  const rows = <T>(column: readonly T[]): readonly T[] =>
    from === 0 && to === ticks.n ? column : column.slice(from, to);
  const symbols = sliceIndexed({ texts: ticks.symbols, indexes: ticks.symbol }, from, to);
  const inOrder = rows(ticks.inOrder);
  return JSON.stringify({
    v: WIRE_VERSION,
    n: to - from,
    prev: toPair(prev),
    symbols: symbols.texts,
    s: symbols.indexes,
    t: rows(ticks.eventTimeUs),
    p: rows(ticks.price),
    q: unlessAllNull(rows(ticks.size)),
    ord: inOrder.includes(false) ? inOrder : undefined,
    sma: unlessAllNull(rows(ticks.sma)),
    vol: unlessAllNull(rows(ticks.volatility)),
    lr: unlessAllNull(rows(ticks.logReturn)),
    o: rows(ticks.laneOffset),
    i: unlessAllZero(rows(ticks.laneIndex)),
    r: rows(ticks.recordTimeUs),
  });
}

function readMarker(wire: WireMessage): SilverMessage {
  const markerUs = wire.integer('marker');
  return { kind: 'marker', markerUs, laneOffset: wire.integer('o'), laneIndex: wire.integer('i') };
}

function readColumns(wire: WireMessage): SilverTicks {
  const n = wire.count();
  const symbols = wire.texts('symbols');
  return {
    n,
    symbols,
    // First, since its length proves `n` before a column that was left out is filled up.
    eventTimeUs: wire.integers('t'),
    symbol: wire.indexesInto(symbols, 's'),
    price: wire.doubles('p'),
    size: wire.doublesOrNulls('q'),
    inOrder: wire.booleansOrTrue('ord'),
    sma: wire.doublesOrNulls('sma'),
    volatility: wire.doublesOrNulls('vol'),
    logReturn: wire.doublesOrNulls('lr'),
    laneOffset: wire.integers('o'),
    laneIndex: wire.integersOrZeros('i'),
    recordTimeUs: wire.integers('r'),
  };
}

function firstDisorder(ticks: SilverTicks): number | undefined {
  for (let row = 1; row < ticks.n; row++) {
    if (compareCoordinates(coordinateAt(ticks, row - 1), coordinateAt(ticks, row)) >= 0) return row;
  }
  return undefined;
}

const toPair = (coordinate: Coordinate | null): readonly [number, number] | null =>
  coordinate && [coordinate.offset, coordinate.index];
