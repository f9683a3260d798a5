import type { Bar } from '@engine/contracts/api';
import type { JSX } from 'react';
import type { BarSeries } from '../../core/bars/bar-series.js';
import { count, decimal } from '../../core/format/figures.js';
import { DataTable } from '../../page/data-table.js';
import type { Column } from '../../page/data-table.js';
import { Moment } from '../../page/moment.js';

const SHOWN = 60;

interface BarsTableProps {
  readonly series: BarSeries;
  readonly symbol: string;
  readonly precision: number;
}

/** The newest bars, newest first. */
export function BarsTable({ series, symbol, precision }: BarsTableProps): JSX.Element {
  return (
    <DataTable
      caption={`Bars of ${symbol}, newest first`}
      columns={columnsOf(precision)}
      rows={series.bars.slice(-SHOWN).toReversed()}
      keyOf={({ start }) => start}
    />
  );
}

const columnsOf = (precision: number): readonly Column<Bar>[] => [
  { header: 'Start', cell: ({ start }) => <Moment at={start} style="full" /> },
  { header: 'Open', isNumber: true, cell: ({ open }) => decimal(open, precision) },
  { header: 'High', isNumber: true, cell: ({ high }) => decimal(high, precision) },
  { header: 'Low', isNumber: true, cell: ({ low }) => decimal(low, precision) },
  { header: 'Close', isNumber: true, cell: ({ close }) => decimal(close, precision) },
  { header: 'Volume', isNumber: true, cell: ({ volume }) => count(volume) },
  { header: 'VWAP', isNumber: true, cell: ({ vwap }) => decimal(vwap, precision) },
  { header: 'Ticks', isNumber: true, cell: ({ ticks }) => count(ticks) },
  { header: 'State', cell: ({ state }) => state },
];
