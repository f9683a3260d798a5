import type { KeyboardEvent } from 'react';
import type { PriceChart } from './price-chart.js';

interface Place {
  /** Index of the bar pointed at, else of the newest. */
  readonly at: number;
  readonly bars: number;
  readonly isPointed: boolean;
}

const PAGE_BARS = 60;

/** What the mouse can do with the chart, with keys. */
export const chartKeys =
  (chart: PriceChart | undefined, { at, bars, isPointed }: Place) =>
  (event: KeyboardEvent): void => {
    if (chart === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const pointTo = (to: number): void => chart.point(Math.min(bars - 1, Math.max(0, to)));
    const actions: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => pointTo(isPointed ? at - 1 : at),
      ArrowRight: () => pointTo(at + 1),
      PageUp: () => chart.scroll(-PAGE_BARS),
      PageDown: () => chart.scroll(PAGE_BARS),
      End: () => chart.showNewest(),
      Escape: () => chart.point(undefined),
      '+': () => chart.zoom(0.7),
      '=': () => chart.zoom(0.7),
      '-': () => chart.zoom(1 / 0.7),
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };
