import { silverMarkers, tables } from '@engine/medallion';
import { barsOf, decide, differences, laneOf, publicationsOf, windowsOf } from '@engine/oracle';
import type { Comparison, DecidedTick, Figures, LaneEvent, RecordedTick, Row } from '@engine/oracle';

import type { LakeWatch } from '../lake/lake-watch.js';
import { LANES, oracleSettings, topics } from '../layers/settings.js';
import type { WorldLog } from '../log/world-log.js';
import { ViolationError } from '../machine/world.js';
import type { LogWatch, PutIn } from './log-watch.js';

interface State {
  readonly lake: LakeWatch;
  readonly log: WorldLog;
  readonly watch: LogWatch;
}

const FEATURES = ['sma', 'volatility', 'log_return'];
const tickColumns: Comparison = {
  key: ['lane_offset', 'lane_index'],
  exact: [
    'symbol',
    'event_time',
    'price',
    'size',
    'trade_id',
    'source',
    'record_time',
    'verdict',
    'in_order',
  ],
  close: FEATURES,
};
const windowColumns: Comparison = {
  key: ['symbol', 'window_start', 'revision'],
  exact: ['window_end', 'ticks', 'first_offset', 'last_offset'],
  close: ['sma', 'volatility'],
};
const barColumns: Comparison = {
  key: ['symbol', 'interval', 'start', 'revision'],
  exact: ['ticks', 'open', 'high', 'low', 'close', 'first_offset', 'last_offset', 'closed_at'],
  close: ['volume', 'vwap'],
};
const metricsColumns: Comparison = {
  key: ['symbol', 'as_of'],
  exact: ['ticks', 'last_price', 'high', 'low'],
  close: ['avg_sma', 'avg_volatility', 'volume', 'vwap', 'realized_volatility', 'max_drawdown'],
};

/** Everything was processed and all instances have stopped: the lake must hold what plain loops make of what was put in. */
export function checkFinalState(state: State): void {
  checkEnds(state);
  same(
    'no-row-lost',
    state.watch.missing().map((row) => `never reached its lane: ${row}`),
  );
  same('no-row-lost, no-row-twice (bronze/events)', bronzeDifferences(state));
  for (let lane = 0; lane < LANES; lane++) checkLane(state, lane);
  checkLedger(state);
}

/** A clean stop publishes everything: each chain reaches the end of its input. */
function checkEnds({ lake, log }: State): void {
  const inputOf = { bronze: topics.stockTicks, silver: topics.bronzeTicks, gold: topics.silverTicks };
  for (const { name } of tables) {
    const topic = inputOf[name.split('/')[0] as keyof typeof inputOf];
    log
      .topic(topic)
      .ranges()
      .forEach(({ end }, lane) => {
        const published = lake.chain(name, lane).end;
        if (published !== end)
          throw new ViolationError(
            'clean-stop-loses-nothing',
            `${name}/lane=${lane} ends at ${published}, ${topic} at ${end}`,
          );
      });
  }
}

function bronzeDifferences({ lake, watch, log }: State): readonly string[] {
  const partitions = log.topic(topics.stockTicks).partitions.length;
  const actual = range(partitions).flatMap((partition) =>
    lake.rows('bronze/events', partition).map((row) => ({ ...row, partition })),
  );
  const expected = watch.putIn.flatMap(({ partition, offset, timeMs, raw, expected: elements }) =>
    elements.map((tick, index) => ({
      partition,
      record_offset: offset,
      record_index: index,
      record_time: timeMs * 1_000,
      // The raw value stands with the first of its rows.
      raw: index === 0 ? raw : null,
      ...bronzeRow(tick),
    })),
  );
  return differences(actual, expected, {
    key: ['partition', 'record_offset', 'record_index'],
    exact: [
      'record_time',
      'raw',
      'verdict',
      'reason',
      ...(expected.some(({ verdict }) => verdict === 'accepted') ? [] : []),
    ],
  });
}

const bronzeRow = (tick: PutIn['expected'][number]): { verdict: string; reason: string | null } =>
  tick.reason === null ? { verdict: 'accepted', reason: null } : { verdict: 'invalid', reason: tick.reason };

/** Only the order in which a lane was decided is taken from silver; all else is computed from what was put in. */
function checkLane({ lake, watch }: State, lane: number): void {
  const rows = lake.rows('silver/ticks', lane);
  const inputs = inputsOf(watch);
  const seen = new Set<string>();
  const placed = rows.map((row): RecordedTick => {
    const origin = `${row['origin_partition']}/${row['origin_offset']}.${row['origin_index']}`;
    const tick = inputs.get(origin);
    if (tick === undefined || laneOf(tick.symbol, LANES) !== lane)
      throw new ViolationError(
        'no-row-twice',
        `silver/ticks/lane=${lane} has a tick of ${origin}, which was never put in for it`,
      );
    if (seen.has(origin))
      throw new ViolationError('no-row-twice', `silver/ticks/lane=${lane} has ${origin} twice`);
    seen.add(origin);
    return { ...tick, laneOffset: Number(row['lane_offset']), laneIndex: Number(row['lane_index']) };
  });
  const lost = [...inputs].find(
    ([origin, { symbol }]) => laneOf(symbol, LANES) === lane && !seen.has(origin),
  );
  if (lost !== undefined)
    throw new ViolationError('no-row-lost', `silver/ticks/lane=${lane} never got ${lost[0]}`);
  const decided = decide(placed, oracleSettings);
  same('replay-equals-live (silver/ticks)', differences(rows, decided.map(silverRow), tickColumns));
  checkFigures(lake, lane, decided);
}

function checkFigures(lake: LakeWatch, lane: number, decided: readonly DecidedTick[]): void {
  const markers = lake
    .rows(silverMarkers.name, lane)
    .map((row) => ({ markerUs: Number(row['marker']), at: Number(row['lane_offset']) }));
  const events: (LaneEvent & { readonly at: number })[] = [
    ...decided.map((tick) => ({ tick, at: tick.laneOffset })),
    ...markers,
  ];
  events.sort((one, other) => one.at - other.at);
  const published = publicationsOf(events, oracleSettings);
  const compare = (table: string, expected: readonly Figures[], columns: Comparison): void => {
    same(`replay-equals-live (${table})`, differences(lake.rows(table, lane) as Row[], expected, columns));
  };
  compare('silver/windows', published.windows, windowColumns);
  compare('gold/bars', published.bars, barColumns);
  compare('gold/metrics', published.metrics, metricsColumns);
  // Time has passed since the last tick: markers have closed everything, and nothing that came late waits for a correction.
  const isOpen = (
    expected: readonly Figures[],
    ever: readonly Figures[],
    { key, exact = [], close = [] }: Comparison,
  ): void => {
    const ofNow = {
      key: key.filter((name) => name !== 'revision'),
      exact: exact.filter((name) => name !== 'closed_at'),
      close,
    };
    same(
      'progress (what is open closes in a quiet market)',
      differences(newest(ever, ofNow.key), expected, ofNow),
    );
  };
  isOpen(windowsOf(decided, oracleSettings), published.windows, windowColumns);
  isOpen(barsOf(decided, oracleSettings), published.bars, barColumns);
}

/** Of the rows with one key, the last. */
function newest(rows: readonly Figures[], key: readonly string[]): Figures[] {
  return [...new Map(rows.map((row) => [key.map((name) => row[name]).join(' '), row])).values()];
}

/** Records in = accepted + each kind of refused, of which no layer may lose one. */
function checkLedger({ lake, watch, log }: State): void {
  const partitions = log.topic(topics.stockTicks).partitions.length;
  const bronze = range(partitions).flatMap((partition) => lake.rows('bronze/events', partition));
  const accepted = bronze.filter(({ verdict }) => verdict === 'accepted').length;
  const elements = watch.putIn.reduce((sum, { expected }) => sum + expected.length, 0);
  const decided = range(LANES).reduce((sum, lane) => sum + lake.rows('silver/ticks', lane).length, 0);
  if (bronze.length !== elements || decided !== accepted)
    throw new ViolationError(
      'ledger-balanced',
      `put in ${elements}, bronze ${bronze.length}, accepted ${accepted}, silver ${decided}`,
    );
}

function inputsOf(watch: LogWatch): Map<string, Omit<RecordedTick, 'laneOffset' | 'laneIndex'>> {
  const inputs = new Map<string, Omit<RecordedTick, 'laneOffset' | 'laneIndex'>>();
  for (const { partition, offset, timeMs, expected } of watch.putIn)
    expected.forEach((tick, index) => {
      if (tick.reason === null) {
        const { reason: _, ...facts } = tick;
        inputs.set(`${partition}/${offset}.${index}`, { ...facts, recordTimeUs: timeMs * 1_000 });
      }
    });
  return inputs;
}

function silverRow(tick: DecidedTick): Row {
  const { laneOffset, laneIndex, t, id, recordTimeUs, ...rest } = tick;
  return {
    ...rest,
    lane_offset: laneOffset,
    lane_index: laneIndex,
    event_time: t,
    trade_id: id,
    record_time: recordTimeUs,
  };
}

function same(invariant: string, found: readonly string[]): void {
  if (found.length > 0) throw new ViolationError(invariant, found.join('\n'));
}

const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
