import type { Bar } from '@engine/contracts/api';
import type { JSX } from 'react';
import type { BarSeries } from '../../core/bars/bar-series.js';
import { BAND_ROWS, rollingBand } from '../../core/bars/rolling-band.js';
import { count, decimal, significant, UNKNOWN } from '../../core/format/figures.js';
import { Moment } from '../../page/moment.js';

interface BarLegendProps {
  readonly series: BarSeries;
  readonly at: number;
  readonly precision: number;
  readonly isPointed: boolean;
}

/** The figures of one bar: of the one pointed at, else of the newest. */
export function BarLegend({ series, at, precision, isPointed }: BarLegendProps): JSX.Element | null {
  const bar = series.bars[at];
  if (bar === undefined) return null;
  const closes = series.bars.slice(Math.max(0, at + 1 - BAND_ROWS), at + 1).map(({ close }) => close);
  const band = rollingBand(closes).at(-1);
  const price = (value: number): string => decimal(value, precision);
  return (
    <dl
      className="legend"
      aria-live={isPointed ? 'polite' : 'off'}
      data-bar-start={bar.start}
      data-state={bar.state}
    >
      <Entry name="Bar" value={<Moment at={bar.start} style="full" />} />
      <Entry name="O" value={price(bar.open)} />
      <Entry name="H" value={price(bar.high)} />
      <Entry name="L" value={price(bar.low)} />
      <Entry name="C" value={price(bar.close)} />
      <Entry name="Volume" value={count(bar.volume)} />
      <Entry name="VWAP" value={bar.vwap === null ? UNKNOWN : price(bar.vwap)} />
      <Entry
        name={`SMA ${BAND_ROWS} ± volatility`}
        value={
          <span className="average">
            {decimal(band?.sma ?? null, precision)} ± {significant(band?.volatility ?? null)}
          </span>
        }
      />
      <Entry name="State" value={stateOf(bar)} />
    </dl>
  );
}

function stateOf({ state, revision }: Bar): string {
  if (state === 'corrected') return `corrected, revision ${revision}`;
  return state === 'provisional' && revision > 0 ? `being corrected, revision ${revision}` : state;
}

function Entry({
  name,
  value,
}: {
  readonly name: string;
  readonly value: JSX.Element | string;
}): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
