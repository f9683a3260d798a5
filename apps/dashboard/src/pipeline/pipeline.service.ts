import type { LaneReport, LayerLedger, LayerReport, PipelineReport } from '@engine/contracts/api';
import type { LayerName } from '@engine/medallion';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { LakeView } from '../lake/lake-view.js';
import { isoTime } from '../time.js';
import { LaneReports } from './lane-reports.js';
import { layerState } from './layer-state.js';
import { layerTables } from './layer-tables.js';
import { bronzeLedger, silverLedger } from './ledger.js';
import { ObservedFlow } from './observed-flow.js';
import { ProgressWatch } from './progress-watch.js';
import { SettledTicks } from './settled-ticks.js';
import { VerdictCounts } from './verdict-counts.js';

/** How the whole pipeline does. */
@Injectable()
export class PipelineService {
  readonly #watch = new ProgressWatch();

  constructor(
    private readonly lake: LakeView,
    private readonly lanes: LaneReports,
    private readonly verdicts: VerdictCounts,
    private readonly settled: SettledTicks,
    private readonly flow: ObservedFlow,
    private readonly clock: Clock,
  ) {}

  async report(only?: LayerName): Promise<PipelineReport> {
    await this.lake.freshen();
    await Promise.all([this.verdicts.update(), this.settled.update()]);
    const all = (await Promise.all(layerTables.map((tables) => this.lanes.of(tables)))).flat();
    const names = layerTables.map(({ layer }) => layer);
    const layers = names.map((layer) => this.#reportLayer(layer, all));
    const isAsked = ({ layer }: { readonly layer: LayerName }): boolean =>
      only === undefined || layer === only;
    return {
      at: isoTime(Math.floor(this.clock.epochMs()) * 1000),
      ticksPerSecond: this.flow.ticksPerSecond,
      balanced: allBalance(layers),
      layers: layers.filter(isAsked),
      items: all.filter(isAsked),
      next: null,
    };
  }

  #reportLayer(layer: LayerName, all: readonly LaneReport[]): LayerReport {
    const lanes = all.filter((lane) => lane.layer === layer);
    const now = this.clock.monotonicMs();
    this.#watch.look(layer, lanes, now);
    const sum = (of: (lane: LaneReport) => number): number =>
      lanes.reduce((total, lane) => total + of(lane), 0);
    return {
      layer,
      ...layerState(
        lanes,
        lanes.filter((lane) => this.#watch.isStalled(lane, now)),
      ),
      pending: sum(({ pending }) => pending),
      lag: sum(({ lag }) => lag),
      lagSeconds: Math.max(0, ...lanes.map(({ lagSeconds }) => lagSeconds)),
      recordsPerSecond: this.#watch.recordsPerSecond(layer),
      latency: this.flow.latency(layer),
      ledger: this.#ledger(layer, all),
    };
  }

  #ledger(layer: LayerName, all: readonly LaneReport[]): LayerLedger | null {
    if (layer === 'gold') return null;
    return layer === 'bronze' ? bronzeLedger(this.verdicts) : silverLedger(this.verdicts, this.settled, all);
  }
}

function allBalance(layers: readonly LayerReport[]): boolean | null {
  const answers = layers.flatMap(({ ledger }) => (ledger === null ? [] : [ledger.balanced]));
  if (answers.includes(false)) return false;
  return answers.includes(null) ? null : true;
}
