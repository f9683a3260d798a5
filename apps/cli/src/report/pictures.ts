import { correlationScale, palette } from './palette.js';
import type { CorrelationReport, Point, SymbolReport } from './report-facts.js';
import type { Picture } from './svg-renderer.js';

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif";
const WIDTH = 960;

const title = (text: string): object => ({
  text,
  left: 8,
  top: 6,
  textStyle: { color: palette.text, fontSize: 14, fontWeight: 600, fontFamily: FONT },
});

/** Nothing answers the mouse: there is no script that could. */
const still = { silent: true, emphasis: { disabled: true } };

const axisLabel = { color: palette.muted, fontSize: 11, fontFamily: FONT, hideOverlap: true };
const axisLine = { lineStyle: { color: palette.grid } };

const timeAxis = { type: 'time', axisLabel, axisLine, axisTick: axisLine, splitLine: { show: false } };

const valueAxis = (format: (value: number) => string): object => ({
  type: 'value',
  scale: true,
  axisLabel: { ...axisLabel, formatter: format },
  splitLine: { lineStyle: { color: palette.grid } },
});

const overTime = (text: string, height: number, yAxis: object, series: readonly object[]): Picture => ({
  width: WIDTH,
  height,
  option: {
    backgroundColor: palette.panel,
    title: title(text),
    grid: { left: 76, right: 20, top: 36, bottom: 28 },
    xAxis: timeAxis,
    yAxis,
    series: series.map((one) => ({ ...one, ...still })),
  },
});

/** Drawn at the start of its stretch. */
const values = (
  points: readonly Point[],
  of: (point: Point) => number | null,
): readonly (readonly [number, number | null])[] => points.map((point) => [point.startUs / 1000, of(point)]);

const line = (name: string, color: string, data: unknown): object => ({
  name,
  type: 'line',
  data,
  showSymbol: false,
  lineStyle: { color, width: 1.25 },
  itemStyle: { color },
});

/** Last price, silver's moving average, and the band of one deviation around it. */
export function pricePicture({ figures, points }: SymbolReport): Picture {
  const lower = (point: Point): number | null =>
    point.sma === null || point.volatility === null ? null : point.sma - point.volatility;
  const breadth = (point: Point): number | null => (point.volatility === null ? null : 2 * point.volatility);
  // The band is what lies between its lower edge, which is not drawn, and that edge with its breadth put on it.
  const edge = { stack: 'band', stackStrategy: 'all', lineStyle: { opacity: 0 } };
  return overTime(
    `${figures.symbol}: last price, SMA and volatility band`,
    340,
    valueAxis((value) => value.toLocaleString('en-US', { maximumFractionDigits: 9 })),
    [
      { ...line('lower', palette.average, values(points, lower)), ...edge },
      {
        ...line('band', palette.average, values(points, breadth)),
        ...edge,
        areaStyle: { color: palette.average, opacity: 0.22 },
      },
      line(
        'price',
        palette.price,
        values(points, ({ close }) => close),
      ),
      line(
        'SMA',
        palette.average,
        values(points, ({ sma }) => sma),
      ),
    ],
  );
}

export const volumePicture = ({ figures, points }: SymbolReport): Picture =>
  overTime(
    `${figures.symbol}: volume`,
    180,
    {
      ...valueAxis((value) =>
        value.toLocaleString('en-US', { notation: 'compact', maximumFractionDigits: 2 }),
      ),
      scale: false,
    },
    [
      {
        name: 'volume',
        type: 'bar',
        data: values(points, ({ volume }) => volume),
        barWidth: '70%',
        barMinWidth: 1,
        itemStyle: { color: palette.volume },
      },
    ],
  );

export const drawdownPicture = ({ figures, points }: SymbolReport): Picture =>
  overTime(
    `${figures.symbol}: drawdown from the highest price so far`,
    180,
    { ...valueAxis((value) => `${(value * 100).toLocaleString('en-US')} %`), scale: false, max: 0 },
    [
      {
        ...line(
          'drawdown',
          palette.drawdown,
          values(points, ({ drawdown }) => drawdown),
        ),
        areaStyle: { color: palette.drawdown, opacity: 0.22 },
      },
    ],
  );

/** Every pair both ways; the diagonal is left out: what is alike by definition tells nothing. */
export function correlationPicture({ interval, symbols, pairs }: CorrelationReport): Picture {
  const at = new Map(symbols.map((symbol, index) => [symbol, index]));
  const cells = pairs.flatMap(({ a, b, value }) => {
    const [x, y] = [at.get(a) ?? 0, at.get(b) ?? 0];
    return value === null
      ? []
      : [
          [x, y, value],
          [y, x, value],
        ];
  });
  const names = { type: 'category', data: symbols, axisLine, axisTick: { show: false } };
  const side = Math.max(240, symbols.length * 44);
  return {
    width: side + 120,
    height: side + 90,
    option: {
      backgroundColor: palette.panel,
      title: title(`Correlation of log returns of ${interval} bars`),
      grid: { left: 100, right: 20, top: 40, bottom: 50 },
      xAxis: { ...names, axisLabel: { ...axisLabel, interval: 0, rotate: symbols.length > 8 ? 45 : 0 } },
      yAxis: { ...names, inverse: true, axisLabel: { ...axisLabel, interval: 0 } },
      visualMap: { show: false, min: -1, max: 1, inRange: { color: correlationScale } },
      series: [
        {
          type: 'heatmap',
          ...still,
          data: cells,
          itemStyle: { borderColor: palette.panel, borderWidth: 2 },
          label: {
            show: true,
            color: '#000000',
            fontSize: 11,
            fontFamily: FONT,
            formatter: ({ value }: { value: readonly number[] }) => (value[2] ?? 0).toFixed(2),
          },
        },
      ],
    },
  };
}
