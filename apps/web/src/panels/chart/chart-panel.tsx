import type { JSX } from 'react';
import { decimal, signed } from '../../core/format/figures.js';
import { INTERVALS } from '../../core/selection.js';
import type { Instrument } from '../../live/instrument.js';
import { select, selection } from '../../page/address.js';
import { Choice } from '../../page/choice.js';
import { Panel } from '../../page/panel.js';
import { useSession } from '../../page/session-context.js';
import { useStore } from '../../page/use-store.js';
import { ChartView } from './chart-view.js';

/** The bars of the symbol, the one that forms included. */
export function ChartPanel({ instrument }: { readonly instrument: Instrument }): JSX.Element {
  const { symbol, interval, history } = instrument;
  const content = useStore(history.shown.content);
  return (
    <Panel
      name="chart"
      title={<ChartTitle symbol={symbol} />}
      content={content}
      onRetry={history.reload}
      isEmpty={({ series }) => series.bars.length === 0}
      empty={
        <p>
          There are no bars of {symbol} at {interval} yet. The first appears with the first tick; which
          intervals are made is set by <code>BAR_INTERVALS</code>.
        </p>
      }
      tools={<ChartTools interval={interval} />}
    >
      {() => <ChartView key={`${symbol} ${interval}`} instrument={instrument} />}
    </Panel>
  );
}

function ChartTitle({ symbol }: { readonly symbol: string }): JSX.Element {
  const quote = useStore(useSession().market.quotes.content).value?.get(symbol);
  if (quote === undefined) return <>{symbol}</>;
  const percent = signed(quote.changePercent, 2);
  return (
    <>
      {symbol} <span className="price">{decimal(quote.last, quote.pricePrecision)}</span>{' '}
      <span className={percent.startsWith('+') ? 'up' : percent.startsWith('0') ? 'flat' : 'down'}>
        {percent} %
      </span>
    </>
  );
}

function ChartTools({ interval }: { readonly interval: string }): JSX.Element {
  const { style } = useStore(selection);
  const intervals = (INTERVALS as readonly string[]).includes(interval)
    ? INTERVALS
    : [...INTERVALS, interval];
  return (
    <div className="tools">
      <Choice
        label="Interval"
        options={intervals.map((value) => ({ value, text: value }))}
        value={interval}
        onChange={(value) => select({ interval: value })}
      />
      <Choice
        label="Chart style"
        options={[
          { value: 'candles', text: 'Candles' },
          { value: 'line', text: 'Line' },
        ]}
        value={style}
        onChange={(value) => select({ style: value })}
      />
    </div>
  );
}
