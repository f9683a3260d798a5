import { MINUTE_US } from '@engine/window';

import type { LayerOutput } from '../layer.js';
import type { SilverMarker, SilverTicks } from '../ticks.js';
import type { GoldBar } from './bar.js';
import { addToBar, newBar } from './bar.js';
import { GoldRows } from './rows.js';
import type { GoldSettings } from './settings.js';
import type { GoldState } from './state.js';
import type { GoldSymbol } from './symbol.js';
import { addToSymbol, newGoldSymbol } from './symbol.js';
import type { GoldUpdate } from './update.js';
import { barUpdate, metricsUpdate } from './update.js';

/** One stretch of a lane going through gold: what `apply` does with its records. No object per tick. */
export class GoldRun {
  readonly #rows = new GoldRows();
  readonly #minuteSeries: number;
  readonly #publish = (bar: GoldBar): void => {
    this.#publishBar(bar);
  };

  constructor(
    private readonly state: GoldState,
    private readonly settings: GoldSettings,
  ) {
    this.#minuteSeries = settings.barIntervals.findIndex(({ sizeUs }) => sizeUs === MINUTE_US);
  }

  ticks(ticks: SilverTicks): void {
    for (let at = 0; at < ticks.n; at++) {
      this.#moveTo(ticks.laneOffset[at]!, ticks.laneIndex[at]!);
      const name = ticks.symbols[ticks.symbol[at]!]!;
      this.#tick(this.state.symbols.get(name) ?? this.#admit(name), ticks, at);
    }
    this.#rows.accepted(ticks.n);
  }

  /** A marker not above the lane's previous one changes nothing. */
  marker({ markerUs, laneOffset, laneIndex }: SilverMarker): void {
    const { clock, bars, symbols } = this.state;
    this.#moveTo(laneOffset, laneIndex);
    if (!clock.marker(markerUs)) return;
    bars.marker(clock.us, this.#publish);
    for (const symbol of symbols.values()) this.#publishMetrics(symbol, markerUs);
  }

  output(): LayerOutput<GoldUpdate> {
    return this.#rows.take();
  }

  #moveTo(laneOffset: number, laneIndex: number): void {
    this.state.at.lane_offset = laneOffset;
    this.state.at.lane_index = laneIndex;
  }

  #admit(name: string): GoldSymbol {
    const { symbols, clock, bars, touched } = this.state;
    const symbol = newGoldSymbol(name, this.settings.barIntervals.length);
    symbols.admit(name, symbol, clock.us, (_, silent) => {
      bars.letGo(silent, clock.us, this.#publish);
      touched.delete(silent);
    });
    return symbol;
  }

  #tick(symbol: GoldSymbol, ticks: SilverTicks, at: number): void {
    const { clock, bars, touched } = this.state;
    const { barIntervals } = this.settings;
    if (symbol.barsTouchedFromUs === Infinity) touched.add(symbol);
    addToSymbol(symbol, ticks, at);
    const clockUs = clock.tick(ticks.eventTimeUs[at]!);
    for (let series = 0; series < barIntervals.length; series++)
      addToBar(this.#barFor(symbol, series, ticks, at), ticks, at);
    bars.advance(symbol, clockUs, this.#publish);
  }

  /** The bar of the series that the tick falls into, known to change. */
  #barFor(symbol: GoldSymbol, series: number, ticks: SilverTicks, at: number): GoldBar {
    const { bars } = this.state;
    const interval = this.settings.barIntervals[series]!;
    const startUs = interval.startOf(ticks.eventTimeUs[at]!);
    const known = bars.find(symbol, series, startUs + interval.sizeUs);
    if (known !== undefined) {
      bars.touched(known);
      return known;
    }
    const bar = newBar(symbol, { series, interval, startUs }, ticks.laneOffset[at]!);
    bars.open(symbol, bar);
    return bar;
  }

  #publishBar(bar: GoldBar): void {
    bar.touched = false;
    this.#rows.bar(barUpdate(bar, this.state.at));
    if (bar.revision === 0 && bar.series === this.#minuteSeries) this.#publishMetrics(bar.symbol, bar.endUs);
  }

  #publishMetrics(symbol: GoldSymbol, asOfUs: number): void {
    symbol.touched = false;
    this.#rows.metrics(metricsUpdate(symbol, asOfUs, this.state.at));
  }
}
