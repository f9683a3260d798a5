import { CandlestickSeries, createChart, HistogramSeries, LineSeries } from 'lightweight-charts';
import type { IChartApi, ISeriesApi, SeriesType, UTCTimestamp } from 'lightweight-charts';
import type { BarSeries } from '../../core/bars/bar-series.js';
import { rollingBand } from '../../core/bars/rolling-band.js';
import type { Zone } from '../../core/format/zone.js';
import type { ChartStyle } from '../../core/selection.js';
import { addBand } from './band-series.js';
import { bandData, candle, chartTime, closePoint, volumePoint } from './bar-points.js';
import { chartColours, chartOptions } from './chart-theme.js';
import { timeFormatters } from './chart-time.js';

/** So few bars left of the visible ones: older ones are asked for. */
const NEARLY_AT_START = 40;
/** Changes further back than that redraw everything, which is then cheaper than point by point. */
const FAR_BACK = 300;
/** At first, and when one goes back to real time: a bar is so wide. */
const BAR_PX = 7;

/** Bars as candles or as a line, with volume, moving average and volatility band. */
export class PriceChart {
  readonly #chart: IChartApi;
  readonly #volume: ISeriesApi<'Histogram'>;
  readonly #band: ReturnType<typeof addBand>;
  #price: ISeriesApi<SeriesType>;
  #style: ChartStyle = 'candles';
  /** Bars drawn, and the start of the newest of them. */
  #shown = 0;
  #newestShown: number | undefined;
  #pointedMs: number | undefined;
  #pointListener: (startMs: number | undefined) => void = () => undefined;

  constructor(
    private readonly container: HTMLElement,
    private readonly bars: BarSeries,
  ) {
    this.#chart = createChart(container, {
      autoSize: true,
      // The page carries the attribution itself: the library's own needs an inline style, which the policy forbids.
      layout: { attributionLogo: false },
      rightPriceScale: { minimumWidth: 68, entireTextOnly: true },
    });
    this.#chart.timeScale().applyOptions({ timeVisible: true, secondsVisible: true, rightOffset: 4 });
    this.#band = addBand(this.#chart);
    this.#volume = this.#chart.addSeries(HistogramSeries, {
      priceScaleId: 'volume',
      priceFormat: { type: 'volume' },
      lastValueVisible: false,
      priceLineVisible: false,
    });
    this.#chart.priceScale('volume').applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
    this.#price = this.#chart.addSeries(CandlestickSeries);
    this.#chart.priceScale('right').applyOptions({ scaleMargins: { top: 0.08, bottom: 0.2 } });
    this.paint();
  }

  /** The colours of the theme that is on. */
  paint(): void {
    const colours = chartColours(this.container);
    this.#chart.applyOptions(chartOptions(colours, getComputedStyle(this.container).fontFamily));
    this.#volume.applyOptions({ color: colours.volume });
    this.#band.applyOptions({ color: colours.average, fill: colours.band, average: colours.average });
    this.#price.applyOptions(
      this.#style === 'line'
        ? { color: colours.line, lineWidth: 2 }
        : {
            upColor: colours.up,
            borderUpColor: colours.up,
            wickUpColor: colours.up,
            downColor: colours.down,
            borderDownColor: colours.down,
            wickDownColor: colours.down,
          },
    );
  }

  setStyle(style: ChartStyle): void {
    if (style === this.#style) return;
    this.#style = style;
    const { priceFormat } = this.#price.options();
    this.#chart.removeSeries(this.#price);
    this.#price = this.#chart.addSeries(style === 'line' ? LineSeries : CandlestickSeries, { priceFormat });
    this.paint();
    this.#drawAll();
  }

  setZone(zone: Zone): void {
    const { tickMarkFormatter, timeFormatter } = timeFormatters(zone);
    this.#chart.applyOptions({ localization: { timeFormatter }, timeScale: { tickMarkFormatter } });
  }

  setPrecision(precision: number): void {
    const priceFormat = { type: 'price', precision, minMove: 10 ** -precision } as const;
    for (const series of [this.#price, this.#band]) series.applyOptions({ priceFormat });
  }

  /** Draws what has changed from an index of the bars on. */
  draw(from: number): void {
    const isFirst = this.#shown === 0;
    const wasInserted = this.bars.starts[this.#shown - 1] !== this.#newestShown;
    if (isFirst || wasInserted || from < this.#shown - FAR_BACK) this.#drawAll();
    else this.#drawFrom(from);
    if (isFirst) this.showNewest();
  }

  showNewest(): void {
    const end = this.bars.bars.length;
    this.#chart
      .timeScale()
      .setVisibleLogicalRange({ from: end - this.container.clientWidth / BAR_PX, to: end + 4 });
  }

  /** By bars, to the right; a negative number goes back in time. */
  scroll(by: number): void {
    const scale = this.#chart.timeScale();
    scale.scrollToPosition(scale.scrollPosition() + by, false);
  }

  /** Shows so many times as long a stretch, the newest bar shown where it is. */
  zoom(factor: number): void {
    const range = this.#chart.timeScale().getVisibleLogicalRange();
    if (range === null) return;
    const length = Math.max(10, (range.to - range.from) * factor);
    this.#chart.timeScale().setVisibleLogicalRange({ from: range.to - length, to: range.to });
  }

  /** Points at the bar so many to the right of the one pointed at; where none is, or none any more, at the newest. */
  step(by: number): void {
    const { starts } = this.bars;
    const pointed = this.#pointedMs === undefined ? -1 : starts.indexOf(this.#pointedMs);
    const at = pointed < 0 ? starts.length - 1 : pointed + by;
    const to = Math.min(starts.length - 1, Math.max(0, at));
    const bar = this.bars.bars[to];
    if (bar === undefined) return;
    this.#chart.setCrosshairPosition(bar.close, chartTime(starts[to]!), this.#price);
    this.#tellPoint(starts[to]);
  }

  /** Points at no bar any more. */
  unpoint(): void {
    this.#chart.clearCrosshairPosition();
    this.#tellPoint(undefined);
  }

  /** Tells which bar is pointed at, with the mouse or with `step`, by its start in ms. */
  onPoint(listener: (startMs: number | undefined) => void): void {
    this.#pointListener = listener;
    this.#chart.subscribeCrosshairMove(({ time, sourceEvent }) => {
      // Without an event it was not the user: the library looks again after every new bar.
      if (sourceEvent !== undefined || time === undefined)
        this.#tellPoint(time === undefined ? undefined : Number(time) * 1_000);
    });
  }

  /** Start of the oldest bar that is seen, ms. */
  get seenFromMs(): number | undefined {
    const range = this.#chart.timeScale().getVisibleRange();
    return range === null ? undefined : Number(range.from) * 1_000;
  }

  /** Tells what is seen: whether the newest bar is, and whether older ones are about to be needed. */
  onScroll(listener: (seen: { readonly isAtNewest: boolean; readonly isNearStart: boolean }) => void): void {
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (range === null || this.#shown === 0) return;
      listener({ isAtNewest: range.to >= this.#shown - 1, isNearStart: range.from < NEARLY_AT_START });
    });
  }

  remove(): void {
    this.#chart.remove();
  }

  #tellPoint(startMs: number | undefined): void {
    this.#pointedMs = startMs;
    this.#pointListener(startMs);
  }

  #drawAll(): void {
    const { bars, starts } = this.bars;
    const times = starts.map(chartTime);
    const band = rollingBand(bars.map(({ close }) => close));
    this.#price.setData(bars.map((bar, at) => this.#pricePoint(times[at]!, bar)));
    this.#volume.setData(bars.map((bar, at) => volumePoint(times[at]!, bar)));
    this.#band.setData(band.map((point, at) => bandData(times[at]!, point)));
    this.#remember();
  }

  #drawFrom(from: number): void {
    const { bars, starts } = this.bars;
    const closes = bars.map(({ close }) => close);
    for (const [behind, point] of rollingBand(closes, from).entries()) {
      const at = from + behind;
      const isPast = at < this.#shown - 1;
      const time = chartTime(starts[at]!);
      this.#price.update(this.#pricePoint(time, bars[at]!), isPast);
      this.#volume.update(volumePoint(time, bars[at]!), isPast);
      this.#band.update(bandData(time, point), isPast);
    }
    this.#remember();
  }

  #remember(): void {
    this.#shown = this.bars.bars.length;
    this.#newestShown = this.bars.starts.at(-1);
  }

  #pricePoint(
    time: UTCTimestamp,
    bar: Parameters<typeof candle>[1],
  ): ReturnType<typeof candle | typeof closePoint> {
    return this.#style === 'line' ? closePoint(time, bar) : candle(time, bar);
  }
}
