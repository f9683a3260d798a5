import type { BronzeMessage, BronzeTicks } from '@engine/medallion';

import type { Coordinate } from '../coordinate.js';
import { cutMessages } from './cut.js';
import { sliceIndexed, sliceRows, unlessAllNull, unlessAllZero } from './dictionary.js';
import { malformed, WIRE_VERSION, WireMessage } from './wire-message.js';

/** What a message of `bronze-ticks` says, and per partition of `stock-ticks` in it which row it follows (null: none). */
export interface DecodedBronzeMessage {
  readonly message: BronzeMessage;
  readonly prev: ReadonlyMap<number, Coordinate | null>;
}

/**
 * One lane's ticks as values for `bronze-ticks`. `last` holds, per partition of `stock-ticks`, the last row sent to this lane:
 * the messages name it as their predecessor, and it is advanced to the last of these rows.
 */
export function encodeBronzeTicks(ticks: BronzeTicks, last: Map<number, Coordinate>): string[] {
  return cutMessages(ticks.n, {
    encode: (from, to) => encodeRows(ticks, from, to, last),
    sent: (from, to) => {
      advance(last, ticks, from, to);
    },
  });
}

/** A time marker, as silver appends it to its own input lane. */
export function encodeMarker(markerUs: number): string {
  return JSON.stringify({ v: WIRE_VERSION, marker: markerUs });
}

/** Throws `UnknownVersionError` or `MalformedMessageError`. */
export function decodeBronzeMessage(value: Uint8Array | null): DecodedBronzeMessage {
  const wire = WireMessage.parse(value);
  if (wire.isMarker)
    return { message: { kind: 'marker', markerUs: wire.integer('marker') }, prev: new Map<number, null>() };
  const prev = wire.coordinatesByPartition('prev');
  const ticks = readColumns(wire);
  for (let row = 0; row < ticks.n; row++) {
    const partition = ticks.originPartition[row]!;
    if (!prev.has(partition))
      throw malformed('prev', `partition ${partition}, which has rows`, [...prev.keys()].join());
  }
  return { message: { kind: 'ticks', ticks }, prev };
}

function encodeRows(
  ticks: BronzeTicks,
  from: number,
  to: number,
  last: ReadonlyMap<number, Coordinate>,
): string {
  const rows = <T>(column: ArrayLike<T>): readonly T[] => sliceRows(column, from, to);
  const symbols = sliceIndexed({ texts: ticks.symbols, indexes: ticks.symbol }, from, to);
  const sources = sliceIndexed({ texts: ticks.sources, indexes: ticks.source }, from, to);
  const originPartition = rows(ticks.originPartition);
  return JSON.stringify({
    v: WIRE_VERSION,
    n: to - from,
    prev: predecessors(originPartition, last),
    symbols: symbols.texts,
    s: symbols.indexes,
    t: rows(ticks.eventTimeUs),
    p: rows(ticks.price),
    q: unlessAllNull(rows(ticks.size)),
    side: unlessAllNull(rows(ticks.side)),
    id: unlessAllNull(rows(ticks.tradeId)),
    sources: sources.texts,
    src: unlessAllZero(sources.indexes),
    op: originPartition,
    oo: rows(ticks.originOffset),
    oi: unlessAllZero(rows(ticks.originIndex)),
    r: rows(ticks.recordTimeUs),
  });
}

function readColumns(wire: WireMessage): BronzeTicks {
  const n = wire.count();
  const symbols = wire.texts('symbols');
  const sources = wire.texts('sources');
  return {
    n,
    symbols,
    // First, since its length proves `n` before a column that was left out is filled up.
    eventTimeUs: wire.integers('t'),
    symbol: wire.indexesInto(symbols, 's'),
    price: wire.doubles('p'),
    size: wire.doublesOrNulls('q'),
    side: wire.oneOfOrNulls('side', ['buy', 'sell']),
    tradeId: wire.textsOrNulls('id'),
    sources,
    source: wire.indexesInto(sources, 'src'),
    originPartition: wire.integers('op'),
    originOffset: wire.integers('oo'),
    originIndex: wire.integersOrZeros('oi'),
    recordTimeUs: wire.integers('r'),
  };
}

function predecessors(
  partitions: readonly number[],
  last: ReadonlyMap<number, Coordinate>,
): Record<number, readonly [number, number] | null> {
  const prev: Record<number, readonly [number, number] | null> = {};
  for (const partition of new Set(partitions)) {
    const row = last.get(partition);
    prev[partition] = row === undefined ? null : [row.offset, row.index];
  }
  return prev;
}

/** Backwards, so that the first row met of a partition is its last. */
function advance(last: Map<number, Coordinate>, ticks: BronzeTicks, from: number, to: number): void {
  const done = new Set<number>();
  for (let row = to - 1; row >= from; row--) {
    const partition = ticks.originPartition[row]!;
    if (done.has(partition)) continue;
    done.add(partition);
    last.set(partition, { offset: ticks.originOffset[row]!, index: ticks.originIndex[row]! });
  }
}
