import type { KeyboardEvent } from 'react';
import type { PriceChart } from './price-chart.js';

const PAGE_BARS = 60;

/** What the mouse can do with the chart, with keys. */
export const chartKeys =
  (chart: PriceChart | undefined) =>
  (event: KeyboardEvent): void => {
    if (chart === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const actions: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => chart.step(-1),
      ArrowRight: () => chart.step(1),
      PageUp: () => chart.scroll(-PAGE_BARS),
      PageDown: () => chart.scroll(PAGE_BARS),
      End: () => chart.showNewest(),
      Escape: () => chart.unpoint(),
      '+': () => chart.zoom(0.7),
      '=': () => chart.zoom(0.7),
      '-': () => chart.zoom(1 / 0.7),
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };
