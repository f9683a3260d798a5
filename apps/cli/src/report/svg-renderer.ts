import { BarChart, HeatmapChart, LineChart } from 'echarts/charts';
import { GridComponent, TitleComponent, VisualMapComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import type { EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

import { darkRules } from './palette.js';

use([BarChart, HeatmapChart, LineChart, GridComponent, TitleComponent, VisualMapComponent, SVGRenderer]);

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly option: EChartsCoreOption;
}

/** Draws a picture, without a browser, as an SVG document that asks for nothing and runs nothing. */
export function renderSvg({ width, height, option }: Picture): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ animation: false, useUTC: true, ...option });
    return withStyle(chart.renderToSVGString({ useViewBox: true }));
  } finally {
    chart.dispose();
  }
}

/** Rules that come first in the document: a colour that stands in an attribute gives way to them. */
function withStyle(svg: string): string {
  const endOfTag = svg.indexOf('>') + 1;
  return `${svg.slice(0, endOfTag)}<style>${darkRules()}</style>${svg.slice(endOfTag)}`;
}
