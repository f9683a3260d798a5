import type { Columns, Kinds } from '../snapshot/fields.js';
import { float, floatOrNull, packFields, unpackFields } from '../snapshot/fields.js';
import type { Day } from './day.js';
import { dayKinds } from './day.js';
import type { RunningMean } from './running-mean.js';
import { meanKinds } from './running-mean.js';
import type { Sum } from './sum.js';
import { sumKinds } from './sum.js';
import type { GoldSymbol } from './symbol.js';
import { newGoldSymbol } from './symbol.js';

/** What the bars bring back when they are put into the book. */
type FromBars = 'series' | 'nextSettleUs';
/** Nobody knows after a restart what was shown: everything is shown again. */
type Shown = 'touched' | 'barsTouchedFromUs';
type Parts = 'name' | 'sma' | 'volatility' | 'day';
type OwnFields = Omit<GoldSymbol, FromBars | Shown | Parts>;

const ownKinds: Kinds<OwnFields> = { newestUs: float, ticks: float, lastPrice: floatOrNull };

type MeanColumns = Columns<Omit<RunningMean, 'differences'>> & { readonly differences: Columns<Sum> };
type DayColumns = Columns<Omit<Day, 'squares'>> & { readonly squares: Columns<Sum> };

/** The symbols of a lane, field by field. */
export interface GoldSymbolColumns extends Record<Parts, unknown> {
  readonly name: readonly string[];
  readonly own: Columns<OwnFields>;
  readonly sma: MeanColumns;
  readonly volatility: MeanColumns;
  readonly day: DayColumns;
}

export function packGoldSymbols(symbols: readonly GoldSymbol[]): GoldSymbolColumns {
  return {
    name: symbols.map(({ name }) => name),
    own: packFields<OwnFields>(ownKinds, symbols),
    sma: packMeans(symbols.map(({ sma }) => sma)),
    volatility: packMeans(symbols.map(({ volatility }) => volatility)),
    day: packDays(symbols.map(({ day }) => day)),
  };
}

/** The symbols, without their bars yet. */
export function unpackGoldSymbols(columns: GoldSymbolColumns, intervals: number): GoldSymbol[] {
  const symbols = columns.name.map((name) => newGoldSymbol(name, intervals));
  unpackFields<OwnFields>(ownKinds, columns.own, symbols);
  unpackMeans(
    columns.sma,
    symbols.map(({ sma }) => sma),
  );
  unpackMeans(
    columns.volatility,
    symbols.map(({ volatility }) => volatility),
  );
  unpackDays(
    columns.day,
    symbols.map(({ day }) => day),
  );
  return symbols;
}

function packMeans(means: readonly RunningMean[]): MeanColumns {
  const differences = means.map((mean) => mean.differences);
  return {
    ...packFields<Omit<RunningMean, 'differences'>>(meanKinds, means),
    differences: packFields(sumKinds, differences),
  };
}

function unpackMeans(columns: MeanColumns, means: readonly RunningMean[]): void {
  unpackFields<Omit<RunningMean, 'differences'>>(meanKinds, columns, means);
  unpackFields(
    sumKinds,
    columns.differences,
    means.map(({ differences }) => differences),
  );
}

function packDays(days: readonly Day[]): DayColumns {
  return {
    ...packFields<Omit<Day, 'squares'>>(dayKinds, days),
    squares: packFields(
      sumKinds,
      days.map(({ squares }) => squares),
    ),
  };
}

function unpackDays(columns: DayColumns, days: readonly Day[]): void {
  unpackFields<Omit<Day, 'squares'>>(dayKinds, columns, days);
  unpackFields(
    sumKinds,
    columns.squares,
    days.map(({ squares }) => squares),
  );
}
