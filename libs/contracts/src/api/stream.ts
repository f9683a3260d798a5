import type { Bar } from './bar.js';
import type { Metrics } from './metrics.js';
import type { PipelineReport } from './pipeline.js';
import type { Tick } from './tick.js';

/** Where in silver's input lane the tick stands that an update is based on. */
interface BasedOn {
  readonly lane_offset: number;
  readonly lane_index: number;
}

/** First of all. The stream shows what changes from here on: fetch the lists after it, so that nothing lies between. */
export interface HelloEvent {
  readonly serverTime: string;
  /** true: what was missed since `Last-Event-ID` follows, nothing needs to be fetched. */
  readonly resumed: boolean;
}

/** Something was missed that cannot be told any more: fetch the lists anew, then go on listening. */
export interface GapEvent {
  /** `resume`: `Last-Event-ID` is too old or not ours. `slow`: this client did not take what it was sent. */
  readonly reason: 'resume' | 'slow';
}

/**
 * An upsert by (symbol, interval, start): of two, the one with the higher revision counts, then the one that is not
 * provisional, then the one based on the later tick. At most ten times a second per bar.
 */
export type BarEvent = Bar & BasedOn;

/** An upsert by symbol. */
export type MetricsEvent = Metrics & BasedOn;

/** The newest ticks of one symbol since the last event, in lane order, at most 10; what came before them is skipped. */
export interface TickEvent {
  readonly symbol: string;
  readonly ticks: readonly Tick[];
}

/**
 * `GET /api/stream?symbols=A,B&intervals=1m,1h&ticks=A`: server-sent events by their names. Without `symbols` bars and
 * metrics of all symbols; without `intervals` no bars; ticks of the symbols in `ticks`, at most 5. The events' ids are the
 * position in every lane; a browser sends the last one back by itself when it connects again. A comment is sent every 15 s.
 */
export interface StreamEvents {
  readonly hello: HelloEvent;
  readonly gap: GapEvent;
  readonly bar: BarEvent;
  readonly metrics: MetricsEvent;
  readonly tick: TickEvent;
  readonly pipeline: PipelineReport;
}
