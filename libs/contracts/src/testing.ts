import type { BronzeTicks, Side, SilverTicks } from '@engine/medallion';

/** A row of `BronzeTicks`, with its texts written out. */
export interface BronzeRow {
  readonly symbol: string;
  readonly eventTimeUs: number;
  readonly price: number;
  readonly size: number | null;
  readonly side: Side | null;
  readonly tradeId: string | null;
  readonly source: string;
  readonly originPartition: number;
  readonly originOffset: number;
  readonly originIndex: number;
  readonly recordTimeUs: number;
}

/** A row of `SilverTicks`, with its symbol written out. */
export interface SilverRow {
  readonly symbol: string;
  readonly eventTimeUs: number;
  readonly price: number;
  readonly size: number | null;
  readonly inOrder: boolean;
  readonly sma: number | null;
  readonly volatility: number | null;
  readonly logReturn: number | null;
  readonly laneOffset: number;
  readonly laneIndex: number;
  readonly recordTimeUs: number;
}

const aBronzeRow: BronzeRow = {
  symbol: 'AAPL',
  eventTimeUs: 1_700_000_000_000_000,
  price: 101.5,
  size: null,
  side: null,
  tradeId: null,
  source: 'unknown',
  originPartition: 0,
  originOffset: 0,
  originIndex: 0,
  recordTimeUs: 1_700_000_000_000_000,
};

const aSilverRow: SilverRow = {
  symbol: 'AAPL',
  eventTimeUs: 1_700_000_000_000_000,
  price: 101.5,
  size: null,
  inOrder: true,
  sma: null,
  volatility: null,
  logReturn: null,
  laneOffset: 0,
  laneIndex: 0,
  recordTimeUs: 1_700_000_000_000_000,
};

/** Ticks as bronze sends them; what a row leaves out is filled in. */
export function bronzeTicksOf(partialRows: readonly Partial<BronzeRow>[]): BronzeTicks {
  const rows = partialRows.map((row): BronzeRow => ({ ...aBronzeRow, ...row }));
  const symbols = [...new Set(rows.map((row) => row.symbol))];
  const sources = [...new Set(rows.map((row) => row.source))];
  return {
    n: rows.length,
    symbols,
    sources,
    symbol: rows.map((row) => symbols.indexOf(row.symbol)),
    source: rows.map((row) => sources.indexOf(row.source)),
    eventTimeUs: rows.map((row) => row.eventTimeUs),
    price: rows.map((row) => row.price),
    size: rows.map((row) => row.size),
    side: rows.map((row) => row.side),
    tradeId: rows.map((row) => row.tradeId),
    originPartition: rows.map((row) => row.originPartition),
    originOffset: rows.map((row) => row.originOffset),
    originIndex: rows.map((row) => row.originIndex),
    recordTimeUs: rows.map((row) => row.recordTimeUs),
  };
}

/** The same ticks row by row, whatever the dictionaries look like. */
export function bronzeRowsOf(ticks: BronzeTicks): BronzeRow[] {
  return Array.from({ length: ticks.n }, (_, row) => ({
    symbol: ticks.symbols[ticks.symbol[row]!]!,
    eventTimeUs: ticks.eventTimeUs[row]!,
    price: ticks.price[row]!,
    size: ticks.size[row] ?? null,
    side: ticks.side[row] ?? null,
    tradeId: ticks.tradeId[row] ?? null,
    source: ticks.sources[ticks.source[row]!]!,
    originPartition: ticks.originPartition[row]!,
    originOffset: ticks.originOffset[row]!,
    originIndex: ticks.originIndex[row]!,
    recordTimeUs: ticks.recordTimeUs[row]!,
  }));
}

/** Ticks as silver sends them; what a row leaves out is filled in. */
export function silverTicksOf(partialRows: readonly Partial<SilverRow>[]): SilverTicks {
  const rows = partialRows.map((row): SilverRow => ({ ...aSilverRow, ...row }));
  const symbols = [...new Set(rows.map((row) => row.symbol))];
  return {
    n: rows.length,
    symbols,
    symbol: rows.map((row) => symbols.indexOf(row.symbol)),
    eventTimeUs: rows.map((row) => row.eventTimeUs),
    price: rows.map((row) => row.price),
    size: rows.map((row) => row.size),
    inOrder: rows.map((row) => row.inOrder),
    sma: rows.map((row) => row.sma),
    volatility: rows.map((row) => row.volatility),
    logReturn: rows.map((row) => row.logReturn),
    laneOffset: rows.map((row) => row.laneOffset),
    laneIndex: rows.map((row) => row.laneIndex),
    recordTimeUs: rows.map((row) => row.recordTimeUs),
  };
}

/** The same ticks row by row, whatever the dictionary looks like. */
export function silverRowsOf(ticks: SilverTicks): SilverRow[] {
  return Array.from({ length: ticks.n }, (_, row) => ({
    symbol: ticks.symbols[ticks.symbol[row]!]!,
    eventTimeUs: ticks.eventTimeUs[row]!,
    price: ticks.price[row]!,
    size: ticks.size[row] ?? null,
    inOrder: ticks.inOrder[row]!,
    sma: ticks.sma[row] ?? null,
    volatility: ticks.volatility[row] ?? null,
    logReturn: ticks.logReturn[row] ?? null,
    laneOffset: ticks.laneOffset[row]!,
    laneIndex: ticks.laneIndex[row]!,
    recordTimeUs: ticks.recordTimeUs[row]!,
  }));
}
