import type { MeanAndDeviation } from '@engine/window';

import type { TableBatch } from '../columns.js';
import { TableBuilder } from '../columns.js';
import type { LayerOutput } from '../layer.js';
import { silverMarkers, silverTicks, silverWindows } from '../tables.js';
import type { BronzeTicks, SilverMessage } from '../ticks.js';
import { Emission } from './emission.js';
import type { Features } from './features.js';
import type { SilverWindow } from './state.js';
import type { SilverVerdict } from './verdict.js';

/** What follows from the records of one `apply`: rows of silver's tables, messages for gold, the ledger. */
export class SilverRows {
  readonly #ticks;
  readonly #markers = new TableBuilder(silverMarkers);
  readonly #windows = new TableBuilder(silverWindows);
  readonly #emission: Emission;
  readonly #verdicts = new Map<string, number>();
  readonly #figures: MeanAndDeviation = { mean: 0, deviation: null };

  /** `ticks`: how many will come. */
  constructor(ticks: number) {
    this.#ticks = new TableBuilder(silverTicks, ticks);
    this.#emission = new Emission(ticks);
  }

  /** The tick at `at` of the record at `laneOffset`. */
  tick(laneOffset: number, ticks: BronzeTicks, at: number, verdict: SilverVerdict, features: Features): void {
    this.#verdicts.set(verdict, (this.#verdicts.get(verdict) ?? 0) + 1);
    this.#tickRow(laneOffset, ticks, at);
    const row = this.#ticks.columns;
    row.verdict.push(verdict);
    row.in_order.push(features.inOrder);
    row.log_return.push(features.logReturn);
    row.sma.push(features.sma);
    row.volatility.push(features.volatility);
    if (verdict === 'accepted') this.#emission.tick(laneOffset, ticks, at, features);
  }

  marker(laneOffset: number, markerUs: number): void {
    this.#markers.columns.lane_offset.push(laneOffset);
    this.#markers.columns.marker.push(markerUs);
    this.#emission.marker(laneOffset, markerUs);
  }

  /** A window as it is now. */
  window(window: SilverWindow): void {
    const ticks = window.symbol.prices.describe(window.startUs, window.endUs, this.#figures);
    const row = this.#windows.columns;
    row.symbol.push(window.symbol.name);
    row.window_start.push(window.startUs);
    row.window_end.push(window.endUs);
    row.revision.push(window.revision);
    row.ticks.push(ticks);
    row.sma.push(this.#figures.mean);
    row.volatility.push(this.#figures.deviation);
    row.first_offset.push(window.firstOffset);
    row.last_offset.push(window.lastOffset);
  }

  take(): LayerOutput<SilverMessage> {
    const batches: TableBatch[] = [this.#ticks.take(), this.#markers.take(), this.#windows.take()];
    return {
      tables: batches.filter(({ rows }) => rows > 0),
      emitted: this.#emission.take(),
      verdicts: this.#verdicts,
    };
  }

  #tickRow(laneOffset: number, ticks: BronzeTicks, at: number): void {
    const row = this.#ticks.columns;
    row.lane_offset.push(laneOffset);
    row.lane_index.push(at);
    row.symbol.push(ticks.symbols[ticks.symbol[at]!]!);
    row.event_time.push(ticks.eventTimeUs[at]!);
    row.price.push(ticks.price[at]!);
    row.size.push(ticks.size[at] ?? null);
    row.side.push(ticks.side[at] ?? null);
    row.trade_id.push(ticks.tradeId[at] ?? null);
    row.source.push(ticks.sources[ticks.source[at]!]!);
    row.origin_partition.push(ticks.originPartition[at]!);
    row.origin_offset.push(ticks.originOffset[at]!);
    row.origin_index.push(ticks.originIndex[at]!);
    row.record_time.push(ticks.recordTimeUs[at]!);
  }
}
