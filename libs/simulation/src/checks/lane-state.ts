import { silverMarkers } from '@engine/medallion';
import { barsOf, decide, laneOf, publicationsOf, windowsOf } from '@engine/oracle';
import type { Comparison, DecidedTick, LaneEvent, RecordedTick, Row } from '@engine/oracle';

import type { LakeWatch } from '../lake/lake-watch.js';
import { LANES, oracleSettings } from '../layers/settings.js';
import { ViolationError } from '../machine/world.js';
import { barColumns, currently, metricsColumns, tickColumns, windowColumns } from './columns.js';
import type { FinalState } from './final-state.js';
import type { LogWatch } from './log-watch.js';
import { checkSameRows } from './same-rows.js';

type Input = Omit<RecordedTick, 'laneOffset' | 'laneIndex'>;

/** Only the order in which a lane was decided is taken from silver; all else is computed from what was put in. */
export function checkLane({ lake, watch }: FinalState, lane: number): void {
  const rows = lake.rows('silver/ticks', lane);
  const decided = decide(inRecordedOrder(rows, inputsOf(watch, lane), lane), oracleSettings);
  checkSameRows('replay-equals-live (silver/ticks)', rows, decided.map(silverRow), tickColumns);
  checkPublications(lake, lane, decided);
}

/** Every revision that was ever published; and as time has passed since the last tick, nothing may be open any more. */
function checkPublications(lake: LakeWatch, lane: number, decided: readonly DecidedTick[]): void {
  const { windows, bars, metrics } = publicationsOf(eventsOf(lake, lane, decided), oracleSettings);
  const check = (table: string, expected: readonly Row[], columns: Comparison): void => {
    checkSameRows(`replay-equals-live (${table})`, lake.rows(table, lane), expected, columns);
  };
  check('silver/windows', windows, windowColumns);
  check('gold/bars', bars, barColumns);
  const actualMetrics = numbered(lake.rows('gold/metrics', lane));
  checkSameRows('replay-equals-live (gold/metrics)', actualMetrics, numbered(metrics), metricsColumns);
  checkClosed(windows, windowsOf(decided, oracleSettings), currently(windowColumns));
  checkClosed(bars, barsOf(decided, oracleSettings), currently(barColumns));
}

function checkClosed(published: readonly Row[], all: readonly Row[], columns: Comparison): void {
  const current = new Map(published.map((row) => [columns.key.map((name) => row[name]).join(' '), row]));
  checkSameRows('progress (windows, bars and corrections close)', [...current.values()], all, columns);
}

function eventsOf(lake: LakeWatch, lane: number, decided: readonly DecidedTick[]): readonly LaneEvent[] {
  const ticks = decided.map((tick) => ({ tick, at: tick.laneOffset }));
  const markers = lake
    .rows(silverMarkers.name, lane)
    .map((row) => ({ markerUs: Number(row['marker']), at: Number(row['lane_offset']) }));
  return [...ticks, ...markers].sort((one, other) => one.at - other.at);
}

/** What must be in a lane, by its coordinate in `stock-ticks`. */
function inputsOf(watch: LogWatch, lane: number): ReadonlyMap<string, Input> {
  const inputs = new Map<string, Input>();
  for (const { partition, offset, timeMs, expected } of watch.putIn)
    for (const [index, tick] of expected.entries()) {
      if (tick.reason !== null || laneOf(tick.symbol, LANES) !== lane) continue;
      const { symbol, t, price, size, id, source } = tick;
      const recordTimeUs = timeMs * 1_000;
      inputs.set(`${partition}/${offset}.${index}`, { symbol, t, price, size, id, source, recordTimeUs });
    }
  return inputs;
}

function inRecordedOrder(
  rows: readonly Row[],
  inputs: ReadonlyMap<string, Input>,
  lane: number,
): readonly RecordedTick[] {
  const missing = new Map(inputs);
  const placed = rows.map((row): RecordedTick => {
    const origin = `${row['origin_partition']}/${row['origin_offset']}.${row['origin_index']}`;
    const tick = missing.get(origin);
    if (tick === undefined)
      throw new ViolationError('no-row-twice', `silver/ticks/lane=${lane} has ${origin} twice, or wrongly`);
    missing.delete(origin);
    return { ...tick, laneOffset: Number(row['lane_offset']), laneIndex: Number(row['lane_index']) };
  });
  const [lost] = missing.keys();
  if (lost !== undefined)
    throw new ViolationError('no-row-lost', `silver/ticks/lane=${lane} never got ${lost}`);
  return placed;
}

function silverRow({ laneOffset, laneIndex, t, id, recordTimeUs, ...rest }: DecidedTick): Row {
  return {
    ...rest,
    lane_offset: laneOffset,
    lane_index: laneIndex,
    event_time: t,
    trade_id: id,
    record_time: recordTimeUs,
  };
}

/** Rows of one symbol and time, by the order in which they were published. */
function numbered(rows: readonly Row[]): readonly Row[] {
  const counts = new Map<string, number>();
  return rows.map((row) => {
    const key = `${row['symbol']} ${row['as_of']}`;
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    return { ...row, nth };
  });
}
