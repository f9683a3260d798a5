import { customSeriesDefaultOptions } from 'lightweight-charts';
import type {
  CustomBarItemData,
  CustomData,
  CustomSeriesOptions,
  CustomSeriesPricePlotValues,
  CustomSeriesWhitespaceData,
  IChartApi,
  ICustomSeriesPaneRenderer,
  ICustomSeriesPaneView,
  PaneRendererCustomData,
  PriceToCoordinateConverter,
  SeriesPartialOptions,
  Time,
} from 'lightweight-charts';
import type { BandData } from './bar-points.js';

export type BandPointData = BandData & CustomData;

export interface BandOptions extends CustomSeriesOptions {
  readonly fill: string;
  readonly average: string;
}

type Target = Parameters<ICustomSeriesPaneRenderer['draw']>[0];
type Context = CanvasRenderingContext2D;
interface Drawn {
  readonly x: number;
  readonly sma: number;
  readonly upper: number;
  readonly lower: number;
}

/** A moving average and the filled band around it. */
class BandSeries implements ICustomSeriesPaneView<Time, BandPointData, BandOptions> {
  readonly #renderer = new BandRenderer();

  renderer(): ICustomSeriesPaneRenderer {
    return this.#renderer;
  }

  update(data: PaneRendererCustomData<Time, BandPointData>, options: BandOptions): void {
    this.#renderer.data = data;
    this.#renderer.options = options;
  }

  /** The last is what the price scale and the crosshair show. */
  priceValueBuilder({ lower, upper, sma }: BandPointData): CustomSeriesPricePlotValues {
    return [lower, upper, sma];
  }

  isWhitespace(
    data: BandPointData | CustomSeriesWhitespaceData<Time>,
  ): data is CustomSeriesWhitespaceData<Time> {
    return !('sma' in data);
  }

  defaultOptions(): BandOptions {
    return { ...customSeriesDefaultOptions, fill: 'transparent', average: 'transparent' };
  }
}

export const addBand = (chart: IChartApi) =>
  chart.addCustomSeries<BandPointData, BandOptions, SeriesPartialOptions<BandOptions>>(new BandSeries(), {
    lastValueVisible: false,
    priceLineVisible: false,
  });

class BandRenderer implements ICustomSeriesPaneRenderer {
  data: PaneRendererCustomData<Time, BandPointData> | undefined;
  options: BandOptions | undefined;

  draw(target: Target, priceConverter: PriceToCoordinateConverter): void {
    const { data, options } = this;
    if (data?.visibleRange == null || options === undefined) return;
    const { from, to } = data.visibleRange;
    // One more on either side, so that the band reaches the edges.
    const drawn = data.bars
      .slice(Math.max(0, from - 1), to + 1)
      .flatMap((bar) => drawnAt(bar, priceConverter) ?? []);
    if (drawn.length === 0) return;
    target.useMediaCoordinateSpace(({ context }) => {
      fillBand(context, drawn, options.fill);
      strokeAverage(context, drawn, options.average);
    });
  }
}

function drawnAt(
  { x, originalData }: CustomBarItemData<Time, BandPointData>,
  coordinate: PriceToCoordinateConverter,
): Drawn | undefined {
  const [sma, upper, lower] = [originalData.sma, originalData.upper, originalData.lower].map(coordinate);
  return sma == null || upper == null || lower == null ? undefined : { x, sma, upper, lower };
}

function fillBand(context: Context, drawn: readonly Drawn[], colour: string): void {
  context.beginPath();
  for (const { x, upper } of drawn) context.lineTo(x, upper);
  for (const { x, lower } of drawn.toReversed()) context.lineTo(x, lower);
  context.closePath();
  context.fillStyle = colour;
  context.fill();
}

function strokeAverage(context: Context, drawn: readonly Drawn[], colour: string): void {
  context.beginPath();
  for (const { x, sma } of drawn) context.lineTo(x, sma);
  context.lineWidth = 1.5;
  context.strokeStyle = colour;
  context.stroke();
}
