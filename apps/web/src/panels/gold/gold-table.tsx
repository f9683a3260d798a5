import type { Metrics } from '@engine/contracts/api';
import { useMemo } from 'react';
import type { JSX } from 'react';
import { count, decimal, signed, significant, UNKNOWN } from '../../core/format/figures.js';
import type { Quotes } from '../../core/quotes.js';
import { DataTable } from '../../page/data-table.js';
import type { Column } from '../../page/data-table.js';
import { Moment } from '../../page/moment.js';
import { Panel } from '../../page/panel.js';
import { useSession } from '../../page/session-context.js';
import { useStore } from '../../page/use-store.js';
import { SymbolLink } from '../watch-list/symbol-link.js';

/** How each symbol does: gold's metrics. */
export function GoldTable(): JSX.Element {
  const { market, instrument } = useSession();
  const content = useStore(market.metrics.content);
  const columns = useColumns(useStore(market.quotes.content).value);
  const shown = useStore(instrument)?.symbol;
  return (
    <Panel
      name="gold"
      title="Gold: metrics per symbol"
      content={content}
      onRetry={market.metrics.reload}
      isEmpty={(metrics) => metrics.size === 0}
      empty={
        <p>
          No metrics yet: gold makes them of the ticks that silver accepts. The pipeline above shows how far
          they are.
        </p>
      }
    >
      {(metrics) => (
        <DataTable
          caption="Metrics per symbol"
          columns={columns}
          rows={[...metrics.values()]}
          keyOf={({ symbol }) => symbol}
          isCurrent={({ symbol }) => symbol === shown}
        />
      )}
    </Panel>
  );
}

/** Quotes change with every price, their precisions hardly ever: the cells are made anew with these alone. */
function useColumns(quotes: Quotes = new Map()): readonly Column<Metrics>[] {
  const precisions = JSON.stringify(
    [...quotes.values()].map(({ symbol, pricePrecision }) => [symbol, pricePrecision]),
  );
  return useMemo(() => columnsOf(new Map(JSON.parse(precisions) as [string, number][])), [precisions]);
}

function columnsOf(precisions: ReadonlyMap<string, number>): readonly Column<Metrics>[] {
  const price = (symbol: string, value: number | null): string => decimal(value, precisions.get(symbol) ?? 2);
  const percent = (value: number | null): string =>
    value === null ? UNKNOWN : `${signed(value * 100, 2)} %`;
  return [
    { header: 'Symbol', cell: ({ symbol }) => <SymbolLink symbol={symbol} /> },
    {
      header: 'Last',
      isNumber: true,
      cell: (row) => <span data-field="last_price">{price(row.symbol, row.last_price)}</span>,
    },
    {
      header: 'Avg SMA',
      hint: 'Mean of the moving averages of the last 5 prices, since the first tick',
      isNumber: true,
      cell: (row) => price(row.symbol, row.avg_sma),
    },
    {
      header: 'Avg volatility',
      hint: 'Mean of the deviations of the last 5 prices, since the first tick, in the price’s unit',
      isNumber: true,
      cell: ({ avg_volatility }) => significant(avg_volatility),
    },
    {
      header: 'VWAP',
      hint: 'Of the day (UTC): mean price, weighted by size',
      isNumber: true,
      cell: (row) => price(row.symbol, row.vwap),
    },
    {
      header: 'High',
      hint: 'Of the day (UTC)',
      isNumber: true,
      cell: (row) => price(row.symbol, row.high),
    },
    { header: 'Low', hint: 'Of the day (UTC)', isNumber: true, cell: (row) => price(row.symbol, row.low) },
    { header: 'Volume', hint: 'Of the day (UTC)', isNumber: true, cell: ({ volume }) => count(volume) },
    {
      header: 'Realized vol.',
      hint: 'Of the day (UTC): root of the sum of squared log returns',
      isNumber: true,
      cell: ({ realized_volatility }) =>
        realized_volatility === null ? UNKNOWN : `${decimal(realized_volatility * 100, 2)} %`,
    },
    {
      header: 'Max drawdown',
      hint: 'Of the day (UTC): the deepest fall below a price before',
      isNumber: true,
      cell: ({ max_drawdown }) => percent(max_drawdown),
    },
    { header: 'Ticks', hint: 'Accepted since the first', isNumber: true, cell: ({ ticks }) => count(ticks) },
    { header: 'As of', isNumber: true, cell: ({ as_of }) => <Moment at={as_of} /> },
  ];
}
