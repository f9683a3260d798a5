import type { SymbolQuote } from '@engine/contracts/api';
import type { JSX, KeyboardEvent } from 'react';
import { decimal, signed } from '../../core/format/figures.js';
import { seconds } from '../../core/format/duration.js';
import { DataTable } from '../../page/data-table.js';
import type { Column } from '../../page/data-table.js';
import { Panel } from '../../page/panel.js';
import { useSession } from '../../page/session-context.js';
import { useNow } from '../../page/use-now.js';
import { useStore } from '../../page/use-store.js';
import { Sparkline } from './sparkline.js';
import { SymbolLink } from './symbol-link.js';

/** What each symbol costs, how it moves and how fresh that is. Arrow keys go from symbol to symbol. */
export function WatchList(): JSX.Element {
  const { market, instrument } = useSession();
  const content = useStore(market.quotes.content);
  const shown = useStore(instrument)?.symbol;
  const columns = useColumns();
  return (
    <Panel
      name="watch-list"
      title="Watch list"
      content={content}
      onRetry={market.quotes.reload}
      isEmpty={(quotes) => quotes.size === 0}
      empty={
        <>
          <p>No ticks have come yet.</p>
          <p>
            Does a feed run? <code>npm start</code> brings a synthetic one;{' '}
            <code>npx engine ingest FILE</code> publishes your own ticks.
          </p>
        </>
      }
    >
      {(quotes) => (
        <div onKeyDown={moveFocus}>
          <DataTable
            caption="Watch list"
            columns={columns}
            rows={[...quotes.values()]}
            keyOf={({ symbol }) => symbol}
            isCurrent={({ symbol }) => symbol === shown}
          />
        </div>
      )}
    </Panel>
  );
}

function useColumns(): readonly Column<SymbolQuote>[] {
  const now = useNow();
  return [
    { header: 'Symbol', cell: ({ symbol }) => <SymbolLink symbol={symbol} /> },
    {
      header: 'Last',
      isNumber: true,
      cell: ({ last, pricePrecision }) => <span data-field="last">{decimal(last, pricePrecision)}</span>,
    },
    { header: 'Change', isNumber: true, cell: (quote) => <Change quote={quote} /> },
    {
      header: 'Trend',
      hint: 'The last 60 minutes, minute by minute; second by second in the first ten',
      cell: ({ sparkline }) => <Sparkline values={sparkline.map(({ close }) => close)} />,
    },
    {
      header: 'Age',
      hint: 'Since the newest tick, in its own time',
      isNumber: true,
      cell: ({ lastEventTime }) => (
        <time dateTime={lastEventTime} title={lastEventTime}>
          {seconds((now - Date.parse(lastEventTime)) / 1_000)}
        </time>
      ),
    },
  ];
}

function Change({ quote }: { readonly quote: SymbolQuote }): JSX.Element {
  const percent = signed(quote.changePercent, 2);
  const direction = percent.startsWith('+') ? 'up' : percent.startsWith('0') ? 'flat' : 'down';
  return (
    <span className={direction} title={signed(quote.change, quote.pricePrecision)}>
      {percent} %
    </span>
  );
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('a')];
  const at = links.findIndex((link) => link === document.activeElement);
  if (step === 0 || at < 0) return;
  event.preventDefault();
  links[at + step]?.focus();
}
