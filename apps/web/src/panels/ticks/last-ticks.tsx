import type { Tick, TickVerdict } from '@engine/contracts/api';
import { useMemo } from 'react';
import type { JSX } from 'react';
import { count, decimal, precisionOf, significant, UNKNOWN } from '../../core/format/figures.js';
import type { Instrument } from '../../live/instrument.js';
import { DataTable } from '../../page/data-table.js';
import type { Column } from '../../page/data-table.js';
import { Moment } from '../../page/moment.js';
import { Panel } from '../../page/panel.js';
import { useSession } from '../../page/session-context.js';
import { useStore } from '../../page/use-store.js';

const VERDICTS: Readonly<Record<TickVerdict, string>> = {
  accepted: 'accepted',
  duplicate: 'duplicate',
  late: 'late',
  future: 'future',
  too_many_symbols: 'too many symbols',
};

/** The newest ticks of the symbol, with what silver decided. */
export function LastTicks({ instrument }: { readonly instrument: Instrument }): JSX.Element {
  const content = useStore(instrument.ticks.content);
  const { market } = useSession();
  const precision = useStore(market.quotes.content).value?.get(instrument.symbol)?.pricePrecision;
  const columns = useMemo(() => columnsOf(precision), [precision]);
  return (
    <Panel
      name="ticks"
      title={`Last ticks of ${instrument.symbol}`}
      content={content}
      onRetry={instrument.ticks.reload}
      isEmpty={(ticks) => ticks.length === 0}
      empty={
        <p>No tick of {instrument.symbol} has come yet. The watch list shows the symbols that have some.</p>
      }
    >
      {(ticks) => (
        <DataTable
          caption={`Last ticks of ${instrument.symbol}`}
          columns={columns}
          rows={ticks}
          // Many come at once: to say other things is cheaper than to make other rows.
          keyOf={(_, at) => at}
        />
      )}
    </Panel>
  );
}

const columnsOf = (precision: number | undefined): readonly Column<Tick>[] => [
  { header: 'Time', cell: ({ event_time }) => <Moment at={event_time} style="millisecond" /> },
  {
    header: 'Price',
    isNumber: true,
    cell: ({ price }) => decimal(price, precision ?? precisionOf(price)),
  },
  { header: 'Size', isNumber: true, cell: ({ size }) => (size === null ? UNKNOWN : count(size)) },
  {
    header: 'Verdict',
    cell: ({ verdict, in_order: inOrder }) => (
      <span className={verdict === 'accepted' ? 'verdict' : 'verdict refused'}>
        {VERDICTS[verdict]}
        {inOrder === false ? ', out of order' : ''}
      </span>
    ),
  },
  {
    header: 'SMA',
    hint: 'Mean of the last 5 accepted prices',
    isNumber: true,
    cell: ({ sma, price }) => decimal(sma, (precision ?? precisionOf(price)) + 1),
  },
  {
    header: 'Volatility',
    hint: 'Deviation of the last 5 accepted prices',
    isNumber: true,
    cell: ({ volatility }) => significant(volatility),
  },
  {
    header: 'Lake',
    hint: 'Whether it is in the lake yet; that takes up to 10 s',
    cell: ({ stored }) => (stored ? 'stored' : 'on its way'),
  },
];
