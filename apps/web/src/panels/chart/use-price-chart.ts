import { useCallback, useEffect, useState } from 'react';
import type { RefCallback } from 'react';
import type { Instrument } from '../../live/instrument.js';
import { selection } from '../../page/address.js';
import { preferences, shownTheme } from '../../page/preferences.js';
import { useStore } from '../../page/use-store.js';
import { PriceChart } from './price-chart.js';

export interface ShownChart {
  /** For the element to draw into. */
  readonly attach: RefCallback<HTMLElement>;
  readonly chart: PriceChart | undefined;
  /** Start of the bar that is pointed at, ms. */
  readonly pointedAt: number | undefined;
  readonly isAtNewest: boolean;
}

/** Draws the instrument's bars, and follows them, the theme, the zone and the style. */
export function usePriceChart(instrument: Instrument, precision: number): ShownChart {
  const [chart, setChart] = useState<PriceChart>();
  const [pointedAt, setPointedAt] = useState<number>();
  const [isAtNewest, setAtNewest] = useState(true);
  const { style } = useStore(selection);
  const { zone } = useStore(preferences);
  const theme = useStore(shownTheme);

  const attach = useCallback(
    (element: HTMLElement) => {
      const { history } = instrument;
      const made = new PriceChart(element, history.shown.value.series);
      made.onPoint(setPointedAt);
      made.onScroll(({ isAtNewest: isNewest, isNearStart }) => {
        setAtNewest(isNewest);
        history.lookFrom(made.seenFromMs ?? -Infinity);
        if (isNearStart) void history.loadOlder();
      });
      made.draw(0);
      setChart(made);
      const unsubscribe = history.onChange((from) => made.draw(from));
      return () => {
        unsubscribe();
        made.remove();
        setChart(undefined);
      };
    },
    [instrument],
  );
  useEffect(() => chart?.setStyle(style), [chart, style]);
  useEffect(() => chart?.setZone(zone), [chart, zone]);
  useEffect(() => chart?.setPrecision(precision), [chart, precision]);
  useEffect(() => chart?.paint(), [chart, theme]);
  return { attach, chart, pointedAt, isAtNewest };
}
