import type { LakeReader } from '@engine/lake';

import type {
  Correlation,
  CorrelationReport,
  Point,
  ReportFacts,
  SymbolFigures,
  SymbolReport,
} from './report-facts.js';
import { averagesSql, correlationSql, figuresSql, intervalsSql, pointsSql } from './report-sql.js';
import { stretchFor } from './stretch.js';

/** Points of one picture: more than these are not told apart on a screen. */
export const MAX_POINTS = 500;
/** A report about more symbols than these is not read; `--symbol` names others. */
export const MAX_SYMBOLS = 50;
/** Cells of the correlation picture a side. */
export const MAX_CORRELATED = 20;
/** Of fewer common bars a correlation tells nothing (definition: 30 common). */
const MIN_COMMON_BARS = 30;
/** Of one symbol and interval, for the correlation: intervals with more are left out. */
const MAX_BARS = 5_000;

/** Reads what a report shows: aggregated by the database, so that its size does not follow the number of ticks. */
export async function readReport(reader: LakeReader, asked: readonly string[]): Promise<ReportFacts> {
  const rows = await select<FiguresRow>(reader, figuresSql(asked.length), [...asked, MAX_SYMBOLS]);
  const symbols = await pointsOf(reader, await figuresOf(reader, rows));
  return {
    symbols,
    symbolCount: rows[0]?.symbols ?? 0,
    correlation: await correlationOf(
      reader,
      rows.slice(0, MAX_CORRELATED).map(({ symbol }) => symbol),
    ),
  };
}

interface FiguresRow extends Omit<SymbolFigures, 'firstUs' | 'lastUs' | 'avgSma' | 'avgVolatility'> {
  readonly symbols: number;
  readonly first_us: number;
  readonly last_us: number;
}

async function figuresOf(reader: LakeReader, rows: readonly FiguresRow[]): Promise<SymbolFigures[]> {
  if (rows.length === 0) return [];
  const averages = await select<{
    symbol: string;
    avg_sma: number | null;
    avg_volatility: number | null;
  }>(
    reader,
    averagesSql(rows.length),
    rows.map(({ symbol }) => symbol),
  );
  const bySymbol = new Map(averages.map((row) => [row.symbol, row]));
  return rows.map(({ first_us, last_us, ...figures }) => ({
    ...figures,
    firstUs: first_us,
    lastUs: last_us,
    avgSma: bySymbol.get(figures.symbol)?.avg_sma ?? null,
    avgVolatility: bySymbol.get(figures.symbol)?.avg_volatility ?? null,
  }));
}

async function pointsOf(reader: LakeReader, all: readonly SymbolFigures[]): Promise<SymbolReport[]> {
  if (all.length === 0) return [];
  const reports = new Map(
    all.map((figures) => {
      const stretchUs = stretchFor(figures.firstUs, figures.lastUs, MAX_POINTS);
      return [figures.symbol, { figures, stretchUs, points: [] as Point[] }];
    }),
  );
  const parameters = [...reports.values()].flatMap(({ figures, stretchUs }) => [figures.symbol, stretchUs]);
  const rows = await select<Omit<Point, 'startUs'> & { symbol: string; start_us: number }>(
    reader,
    pointsSql(all.length),
    parameters,
  );
  for (const { symbol, start_us, ...point } of rows)
    reports.get(symbol)?.points.push({ startUs: start_us, ...point });
  return [...reports.values()];
}

type PairRow = Correlation & { readonly interval: string };

async function correlationOf(
  reader: LakeReader,
  symbols: readonly string[],
): Promise<CorrelationReport | null> {
  if (symbols.length < 2) return null;
  const counts = await select<IntervalRow>(reader, intervalsSql(symbols.length), symbols);
  const intervals = readable(counts);
  if (intervals.length === 0) return null;
  const sql = correlationSql(symbols.length, intervals.length);
  const rows = await select<PairRow>(reader, sql, [...symbols, ...intervals]);
  const [best] = intervals
    .map((interval) => ({ interval, symbols, pairs: pairsOf(symbols, rows, interval) }))
    .sort((a, b) => knownPairs(b) - knownPairs(a));
  return best ?? null;
}

interface IntervalRow {
  readonly interval: string;
  readonly starts: number;
}

/** Those that have not too many bars, or at least the one with the fewest; the shortest first. */
function readable(intervals: readonly IntervalRow[]): readonly string[] {
  const fewestLast = intervals.toSorted((a, b) => b.starts - a.starts);
  const few = fewestLast.filter(({ starts }) => starts <= MAX_BARS);
  return (few.length > 0 ? few : fewestLast.slice(-1)).map(({ interval }) => interval);
}

const knownPairs = ({ pairs }: CorrelationReport): number =>
  pairs.filter(({ value }) => value !== null).length;

function pairsOf(
  symbols: readonly string[],
  rows: readonly PairRow[],
  interval: string,
): readonly Correlation[] {
  const key = (a: string, b: string): string => JSON.stringify([a, b]);
  const found = new Map(
    rows.filter((row) => row.interval === interval).map((row) => [key(row.a, row.b), row]),
  );
  return symbols.flatMap((a, at) => symbols.slice(at + 1).map((b) => judged(a, b, found.get(key(a, b)))));
}

function judged(a: string, b: string, row: Correlation | undefined): Correlation {
  const bars = row?.bars ?? 0;
  // Of a price that never moves there is no correlation: the database says NaN.
  const isKnown = bars >= MIN_COMMON_BARS && Number.isFinite(row?.value ?? NaN);
  return { a, b, bars, value: isKnown ? (row?.value ?? null) : null };
}

async function select<Row>(
  reader: LakeReader,
  sql: string,
  parameters: readonly (string | number)[],
): Promise<readonly Row[]> {
  return (await reader.query(sql, parameters)) as unknown as readonly Row[];
}
