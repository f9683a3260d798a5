/**
 * What the dashboard answers, as types: nothing here runs, so that a page may import it. Paths and parameters are in
 * `/api/openapi.json`. Rows of the lake keep their columns' names; all else is camelCase. Times are ISO-8601 in UTC with
 * six digits of a second (`2024-03-01T09:30:00.000000Z`) unless said otherwise; figures that are not known are null.
 */
export type { Bar, BarState } from './bar.js';
export type { List } from './list.js';
export type { Metrics } from './metrics.js';
export type { ApiProblem, ParameterProblem } from './problem.js';
export type {
  Latency,
  LaneReport,
  Layer,
  LayerLedger,
  LayerReport,
  LayerState,
  PipelineReport,
  ReportedSegment,
} from './pipeline.js';
export type { Quarantine, QuarantineCount, RefusedRow } from './quarantine.js';
export type { BarEvent, GapEvent, HelloEvent, MetricsEvent, StreamEvents, TickEvent } from './stream.js';
export type { SparkPoint, SymbolQuote } from './symbol-quote.js';
export type { Tick, TickVerdict } from './tick.js';
export type { SilverWindow } from './window.js';
