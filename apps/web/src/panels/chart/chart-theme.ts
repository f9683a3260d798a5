import { ColorType } from 'lightweight-charts';
import type { ChartOptions, DeepPartial } from 'lightweight-charts';

/** The page's colours, as its style sheet has them. */
export interface ChartColours {
  readonly up: string;
  readonly down: string;
  readonly line: string;
  readonly average: string;
  readonly band: string;
  readonly volume: string;
  readonly grid: string;
  readonly text: string;
  readonly panel: string;
  readonly crosshair: string;
}

/** Reads the custom properties that the style sheet sets for the theme that is on. */
export function chartColours(element: Element): ChartColours {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    up: colour('up'),
    down: colour('down'),
    line: colour('accent'),
    average: colour('average'),
    band: colour('band'),
    volume: colour('volume'),
    grid: colour('grid'),
    text: colour('muted'),
    panel: colour('panel'),
    crosshair: colour('crosshair'),
  };
}

export const chartOptions = (colours: ChartColours, fontFamily: string): DeepPartial<ChartOptions> => ({
  layout: {
    background: { type: ColorType.Solid, color: colours.panel },
    textColor: colours.text,
    fontFamily,
    fontSize: 12,
  },
  grid: { vertLines: { color: colours.grid }, horzLines: { color: colours.grid } },
  rightPriceScale: { borderColor: colours.grid },
  timeScale: { borderColor: colours.grid },
  crosshair: {
    vertLine: { color: colours.crosshair, labelBackgroundColor: colours.crosshair },
    horzLine: { color: colours.crosshair, labelBackgroundColor: colours.crosshair },
  },
});
