import type { LaneClockSnapshot, OpenEndsSnapshot, SlidingWindows } from '@engine/window';
import { LaneClock } from '@engine/window';

import type { Kinds } from '../snapshot/fields.js';
import { float } from '../snapshot/fields.js';
import type { SnapshotHeader } from '../snapshot/header.js';
import { assertSnapshotOf } from '../snapshot/header.js';
import type { SpanColumns } from '../snapshot/spans.js';
import { packSpans, spanKinds, unpackSpans } from '../snapshot/spans.js';
import type { SymbolTableSnapshot } from '../symbol-table.js';
import type { SilverSettings } from './settings.js';
import type { SilverState, SilverSymbol, SilverWindow } from './state.js';
import { initialSilverState, newSilverWindow } from './state.js';
import type { SilverSymbolColumns } from './symbol-columns.js';
import { packSilverSymbols, unpackSilverSymbols } from './symbol-columns.js';

/** To be raised with every change of what is kept, and how. */
const VERSION = 1;

type KeptWindow = Omit<SilverWindow, 'symbol'>;

const windowKinds: Kinds<KeptWindow> = { ...spanKinds, firstOffset: float, lastOffset: float };

/** A silver state as plain data: all that its classes hold, in columns. */
export interface SilverSnapshot extends SnapshotHeader, Record<keyof SilverState, unknown> {
  readonly clock: LaneClockSnapshot;
  readonly symbols: { readonly table: SymbolTableSnapshot; readonly columns: SilverSymbolColumns };
  readonly windows: SpanColumns<KeptWindow>;
  readonly openEnds: OpenEndsSnapshot;
}

export function silverSnapshot(state: SilverState, settings: SilverSettings): SilverSnapshot {
  const symbols = [...state.symbols.values()];
  return {
    ...headerOf(settings),
    clock: state.clock.snapshot(),
    symbols: { table: state.symbols.snapshot(), columns: packSilverSymbols(symbols) },
    windows: packSpans<SilverSymbol, SilverWindow, KeptWindow>(windowKinds, state.windows, symbols),
    openEnds: state.openEnds.snapshot(),
  };
}

/** Throws a RangeError when the data is not a silver snapshot of these settings. */
export function restoreSilver(
  data: unknown,
  settings: SilverSettings,
  definition: SlidingWindows,
): SilverState {
  assertSnapshotOf(headerOf(settings), data);
  const snapshot = data as SilverSnapshot;
  const initial = initialSilverState(settings, definition);
  const symbols = unpackSilverSymbols(snapshot.symbols.columns, settings);
  const into = { book: initial.windows, symbols };
  unpackSpans<SilverSymbol, SilverWindow, KeptWindow>(windowKinds, snapshot.windows, into, (symbol) =>
    newSilverWindow(symbol, { startUs: 0, endUs: 0 }, 0),
  );
  return {
    clock: LaneClock.restore(snapshot.clock),
    symbols: initial.symbols.restore(
      snapshot.symbols.table,
      symbols.map((symbol) => [symbol.name, symbol]),
    ),
    windows: initial.windows,
    openEnds: initial.openEnds.restore(snapshot.openEnds),
  };
}

function headerOf(settings: SilverSettings): SnapshotHeader {
  const values: Record<keyof SilverSettings, string | number> = {
    allowedLatenessUs: settings.allowedLatenessUs,
    maxFutureUs: settings.maxFutureUs,
    silverRows: settings.silverRows,
    windowUs: settings.windowUs,
    windowSlideUs: settings.windowSlideUs,
    barIntervals: settings.barIntervals.map(({ name }) => name).join(','),
    maxSymbols: settings.maxSymbols,
    dedupWithoutId: settings.dedupWithoutId,
  };
  return { layer: 'silver', version: VERSION, settings: values };
}
