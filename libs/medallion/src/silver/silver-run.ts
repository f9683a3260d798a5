import type { SlidingWindows } from '@engine/window';

import type { LayerOutput } from '../layer.js';
import type { BronzeTicks, SilverMessage } from '../ticks.js';
import { Features } from './features.js';
import { SilverRows } from './rows.js';
import type { SilverSettings } from './settings.js';
import type { SilverState, SilverSymbol, SilverWindow } from './state.js';
import { newSilverSymbol, newSilverWindow } from './state.js';
import { silverVerdict } from './verdict.js';

/** One stretch of a lane going through silver: what `apply` does with its records. No object per tick. */
export class SilverRun {
  readonly #rows: SilverRows;
  readonly #features = new Features();
  readonly #publish = (window: SilverWindow): void => {
    this.#rows.window(window);
  };

  constructor(
    private readonly state: SilverState,
    private readonly settings: SilverSettings,
    private readonly windowsOf: SlidingWindows,
    /** How many will come. */
    ticks: number,
  ) {
    this.#rows = new SilverRows(ticks);
  }

  ticks(offset: number, ticks: BronzeTicks): void {
    for (let at = 0; at < ticks.n; at++) {
      const symbol = this.state.symbols.get(ticks.symbols[ticks.symbol[at]!]!);
      const verdict = silverVerdict(this.state, this.settings, symbol, ticks, at);
      if (verdict === 'accepted') this.#accept(symbol ?? this.#admit(ticks, at), offset, ticks, at);
      else this.#features.clear();
      this.#rows.tick(offset, ticks, at, verdict, this.#features);
    }
  }

  /** A marker not above the lane's previous one keeps its row and goes on to gold, but changes nothing. */
  marker(offset: number, markerUs: number): void {
    const { clock, windows, openEnds } = this.state;
    if (clock.marker(markerUs)) {
      windows.marker(clock.us, this.#publish);
      openEnds.marked(clock.us);
    }
    this.#rows.marker(offset, markerUs);
  }

  output(): LayerOutput<SilverMessage> {
    return this.#rows.take();
  }

  #admit(ticks: BronzeTicks, at: number): SilverSymbol {
    const { symbols, clock, windows } = this.state;
    const symbol = newSilverSymbol(ticks.symbols[ticks.symbol[at]!]!, this.settings);
    symbols.admit(symbol.name, symbol, clock.us, (_, silent) => {
      windows.letGo(silent, clock.us, this.#publish);
    });
    return symbol;
  }

  #accept(symbol: SilverSymbol, offset: number, ticks: BronzeTicks, at: number): void {
    const { clock, windows, openEnds } = this.state;
    const eventTimeUs = ticks.eventTimeUs[at]!;
    const price = ticks.price[at]!;
    if (eventTimeUs >= symbol.newestUs) this.#features.following(symbol.recent, price);
    else this.#features.outOfOrder();
    symbol.newestUs = Math.max(symbol.newestUs, eventTimeUs);
    const clockUs = clock.tick(eventTimeUs);
    this.#addToWindows(symbol, offset, eventTimeUs);
    symbol.prices.add(eventTimeUs, price, symbol.series[0]![0]!.startUs);
    symbol.trades.add(ticks, at, symbol.newestUs - this.settings.allowedLatenessUs);
    openEnds.ticked(eventTimeUs, clockUs);
    openEnds.moved(clockUs);
    windows.advance(symbol, clockUs, this.#publish);
  }

  #addToWindows(symbol: SilverSymbol, offset: number, eventTimeUs: number): void {
    const { sizeUs, slideUs } = this.windowsOf;
    const oldest = this.windowsOf.oldestStartAt(eventTimeUs);
    for (let startUs = this.windowsOf.newestStartAt(eventTimeUs); startUs >= oldest; startUs -= slideUs) {
      const window = this.state.windows.find(symbol, 0, startUs + sizeUs);
      if (window === undefined) this.#openWindow(symbol, offset, startUs);
      else {
        window.lastOffset = offset;
        this.state.windows.touched(window);
      }
    }
  }

  #openWindow(symbol: SilverSymbol, offset: number, startUs: number): void {
    const endUs = startUs + this.windowsOf.sizeUs;
    this.state.windows.open(symbol, newSilverWindow(symbol, { startUs, endUs }, offset));
  }
}
