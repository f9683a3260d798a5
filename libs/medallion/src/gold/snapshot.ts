import type { LaneClockSnapshot } from '@engine/window';
import { LaneClock } from '@engine/window';

import type { SnapshotHeader } from '../snapshot/header.js';
import { assertSnapshotOf } from '../snapshot/header.js';
import type { SpanColumns } from '../snapshot/spans.js';
import { packSpans, unpackSpans } from '../snapshot/spans.js';
import type { SymbolTableSnapshot } from '../symbol-table.js';
import type { GoldBar, KeptBar } from './bar.js';
import { barKinds, newBar } from './bar.js';
import type { GoldSettings } from './settings.js';
import type { GoldState } from './state.js';
import { initialGoldState } from './state.js';
import type { GoldSymbol } from './symbol.js';
import type { GoldSymbolColumns } from './symbol-columns.js';
import { packGoldSymbols, unpackGoldSymbols } from './symbol-columns.js';

/** To be raised with every change of what is kept, and how. */
const VERSION = 1;

/**
 * A gold state as plain data, in columns. What was touched since it was shown last is left out: after a restart nobody
 * knows what was shown, and `allProvisional` shows everything.
 */
export interface GoldSnapshot extends SnapshotHeader, Record<Exclude<keyof GoldState, 'touched'>, unknown> {
  readonly clock: LaneClockSnapshot;
  readonly symbols: { readonly table: SymbolTableSnapshot; readonly columns: GoldSymbolColumns };
  readonly bars: SpanColumns<KeptBar>;
  readonly at: GoldState['at'];
}

export function goldSnapshot(state: GoldState, settings: GoldSettings): GoldSnapshot {
  const symbols = [...state.symbols.values()];
  return {
    ...headerOf(settings),
    clock: state.clock.snapshot(),
    symbols: { table: state.symbols.snapshot(), columns: packGoldSymbols(symbols) },
    bars: packSpans<GoldSymbol, GoldBar, KeptBar>(barKinds, state.bars, symbols),
    at: { ...state.at },
  };
}

/** Throws a RangeError when the data is not a gold snapshot of these settings. */
export function restoreGold(data: unknown, settings: GoldSettings): GoldState {
  assertSnapshotOf(headerOf(settings), data);
  const snapshot = data as GoldSnapshot;
  const initial = initialGoldState(settings);
  const symbols = unpackGoldSymbols(snapshot.symbols.columns, settings.barIntervals.length);
  unpackBars(snapshot.bars, { book: initial.bars, symbols }, settings);
  return {
    clock: LaneClock.restore(snapshot.clock),
    symbols: initial.symbols.restore(
      snapshot.symbols.table,
      symbols.map((symbol) => [symbol.name, symbol]),
    ),
    bars: initial.bars,
    at: { ...snapshot.at },
    touched: initial.touched,
  };
}

function unpackBars(
  columns: SpanColumns<KeptBar>,
  into: { readonly book: GoldState['bars']; readonly symbols: readonly GoldSymbol[] },
  settings: GoldSettings,
): void {
  unpackSpans<GoldSymbol, GoldBar, KeptBar>(barKinds, columns, into, (symbol, at) => {
    const series = columns.fields.series[at]!;
    return newBar(symbol, { series, interval: settings.barIntervals[series]!, startUs: 0 }, 0);
  });
}

function headerOf(settings: GoldSettings): SnapshotHeader {
  const values: Record<keyof GoldSettings, string | number> = {
    allowedLatenessUs: settings.allowedLatenessUs,
    barIntervals: settings.barIntervals.map(({ name }) => name).join(','),
    maxSymbols: settings.maxSymbols,
  };
  return { layer: 'gold', version: VERSION, settings: values };
}
