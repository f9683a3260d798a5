import { useState } from 'react';
import type { JSX } from 'react';
import type { Instrument } from '../../live/instrument.js';
import { useSession } from '../../page/session-context.js';
import { useStore } from '../../page/use-store.js';
import { BarLegend } from './bar-legend.js';
import { BarsTable } from './bars-table.js';
import { chartKeys } from './chart-keys.js';
import { usePriceChart } from './use-price-chart.js';

/** The picture, the figures of the bar pointed at, and the same as a table for who cannot see a picture. */
export function ChartView({ instrument }: { readonly instrument: Instrument }): JSX.Element {
  const { symbol, interval, history } = instrument;
  const quote = useStore(useSession().market.quotes.content).value?.get(symbol);
  const precision = quote?.pricePrecision ?? 2;
  const { attach, chart, pointedAt, isAtNewest } = usePriceChart(instrument, precision);
  const [isTable, setTable] = useState(false);
  const { series } = useStore(history.shown.content).value ?? history.shown.value;
  const pointed = pointedAt === undefined ? -1 : series.starts.indexOf(pointedAt);
  return (
    <div className="chart-view">
      <BarLegend
        series={series}
        at={pointed < 0 ? series.bars.length - 1 : pointed}
        precision={precision}
        isPointed={pointed >= 0}
      />
      <div className="chart-frame">
        <div
          ref={attach}
          className="chart"
          tabIndex={0}
          role="application"
          aria-label={`Chart of ${symbol}, bars of ${interval}. Left and right arrows go from bar to bar, plus and minus zoom, Page Up goes back, End goes to the newest.`}
          onKeyDown={chartKeys(chart)}
          onBlur={() => chart?.unpoint()}
        />
        {!isAtNewest && (
          <button type="button" className="to-newest" onClick={() => chart?.showNewest()}>
            To real time →
          </button>
        )}
      </div>
      <div className="chart-foot">
        <button type="button" aria-expanded={isTable} onClick={() => setTable(!isTable)}>
          {isTable ? 'Hide the table' : 'Bars as a table'}
        </button>
        <p className="attribution">
          Charts by <a href="https://www.tradingview.com/">TradingView</a> Lightweight Charts™, © 2025
          TradingView, Inc.
        </p>
      </div>
      {isTable && <BarsTable series={series} symbol={symbol} precision={precision} />}
    </div>
  );
}
