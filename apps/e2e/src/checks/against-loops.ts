import { barsOf, decide, differences, metricsOf, publicationsOf, windowsOf } from '@engine/oracle';
import type {
  Comparison,
  DecidedTick,
  Figures,
  LaneEvent,
  OracleSettings,
  RecordedTick,
  Row,
} from '@engine/oracle';
import type { Lake } from '../support/lake.js';
import type { FigureDifferences } from './against-sql.js';
import {
  barFigures,
  currentBars,
  currentMetrics,
  currentWindows,
  metricsFigures,
  recordedTickFigures,
  windowFigures,
} from './columns.js';

/** A tick that was put in, in the lake's words. */
export interface InputTick {
  readonly symbol: string;
  readonly t: number;
  readonly price: number;
  readonly size: number | null;
  readonly side: string | null;
  readonly id: string | null;
  readonly source: string;
  readonly recordTimeUs: number;
}

/** Where an element of a record stands in `stock-ticks`. */
export function coordinate(partition: number, offset: number, index: number): string {
  return `${partition}/${offset}/${index}`;
}

interface PlacedTick extends RecordedTick {
  readonly lane: number;
  readonly side: string | null;
}

/**
 * Recomputes everything by plain loops from the ticks put in, by their coordinate in `stock-ticks`; only the order in which
 * each lane was decided is taken from silver. Throws when silver has a tick that was never put in.
 */
export async function differencesFromLoops(
  lake: Lake,
  inputs: ReadonlyMap<string, InputTick>,
  settings: OracleSettings,
): Promise<FigureDifferences> {
  const all = (await decidedByLane(lake, inputs, settings)).flatMap(({ ticks }) => ticks);
  const missing = inputs.size - all.length;
  const ticks = differences(
    await lake.duck.rows('FROM silver_ticks'),
    all.map(silverRow),
    recordedTickFigures,
  );
  return {
    ticks: missing === 0 ? ticks : [`${missing} ticks never reached silver`, ...ticks],
    windows: differences(await lake.duck.rows(currentWindows), windowsOf(all, settings), windowFigures),
    bars: differences(await lake.duck.rows(currentBars), barsOf(all, settings), barFigures),
    metrics: differences(await lake.duck.rows(currentMetrics), metricsOf(all), metricsFigures),
  };
}

/** As before, but of every revision and every row of the metrics that was ever published, with the time of it. */
export async function publicationDifferences(
  lake: Lake,
  inputs: ReadonlyMap<string, InputTick>,
  settings: OracleSettings,
): Promise<Omit<FigureDifferences, 'ticks'>> {
  const expected = { windows: [] as Figures[], bars: [] as Figures[], metrics: [] as Figures[] };
  for (const { lane, ticks } of await decidedByLane(lake, inputs, settings)) {
    const published = publicationsOf(withMarkers(ticks, await markersOf(lake, lane)), settings);
    expected.windows.push(...published.windows);
    expected.bars.push(...published.bars);
    expected.metrics.push(...published.metrics);
  }
  const revised = (figures: Comparison, ...exact: string[]): Comparison => ({
    ...figures,
    key: [...figures.key, 'revision'],
    exact: [...(figures.exact ?? []), ...exact],
  });
  const metricsRows = { ...metricsFigures, key: ['symbol', 'as_of'] };
  return {
    windows: differences(
      await lake.duck.rows('FROM silver_windows'),
      expected.windows,
      revised(windowFigures),
    ),
    bars: differences(
      await lake.duck.rows('FROM gold_bars'),
      expected.bars,
      revised(barFigures, 'closed_at'),
    ),
    metrics: differences(await lake.duck.rows('FROM gold_metrics'), expected.metrics, metricsRows),
  };
}

interface DecidedLane {
  readonly lane: number;
  readonly ticks: readonly PlacedDecision[];
}

async function decidedByLane(
  lake: Lake,
  inputs: ReadonlyMap<string, InputTick>,
  settings: OracleSettings,
): Promise<DecidedLane[]> {
  const placed = await inRecordedOrder(lake, inputs);
  const lanes = [...new Set(placed.map(({ lane }) => lane))];
  return lanes.map((lane) => {
    const ofLane = placed.filter((tick) => tick.lane === lane);
    return { lane, ticks: decide(ofLane, settings) as PlacedDecision[] };
  });
}

interface Marker {
  readonly lane_offset: number;
  readonly marker: number;
}

function markersOf(lake: Lake, lane: number): Promise<Marker[]> {
  return lake.duck.rows<Marker>(`SELECT lane_offset, marker FROM silver_markers WHERE lane = ${lane}`);
}

function withMarkers(ticks: readonly DecidedTick[], markers: readonly Marker[]): LaneEvent[] {
  const events: (LaneEvent & { readonly at: number })[] = [
    ...ticks.map((tick) => ({ tick, at: tick.laneOffset })),
    ...markers.map(({ lane_offset, marker }) => ({ markerUs: marker, at: lane_offset })),
  ];
  // The sort is stable: ticks of one message stay in their order.
  return events.sort((a, b) => a.at - b.at);
}

type PlacedDecision = PlacedTick & DecidedTick;

async function inRecordedOrder(lake: Lake, inputs: ReadonlyMap<string, InputTick>): Promise<PlacedTick[]> {
  const order = await lake.duck.rows<Record<string, number>>(`
    SELECT lane, lane_offset, lane_index, origin_partition, origin_offset, origin_index FROM silver_ticks
    ORDER BY lane, lane_offset, lane_index`);
  return order.map(({ lane = -1, lane_offset = -1, lane_index = -1, ...origin }) => {
    const { origin_partition = -1, origin_offset = -1, origin_index = -1 } = origin;
    const at = coordinate(origin_partition, origin_offset, origin_index);
    const input = inputs.get(at);
    if (input === undefined) throw new Error(`silver has a tick of ${at}, where none was put in`);
    return { ...input, lane, laneOffset: lane_offset, laneIndex: lane_index };
  });
}

function silverRow(tick: PlacedDecision): Row {
  return {
    ...tick,
    lane_offset: tick.laneOffset,
    lane_index: tick.laneIndex,
    event_time: tick.t,
    trade_id: tick.id,
  };
}
