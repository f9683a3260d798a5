import type { BarEvent, MetricsEvent, StreamEvents } from '@engine/contracts/api';
import { goldMetrics } from '@engine/medallion';
import type { GoldUpdate } from '@engine/medallion';
import { showBar } from '../bars/bar.js';
import { present } from '../lake/present.js';
import type { HeardTick } from '../ticks/live-ticks.js';
import { heardRow, showTick } from '../ticks/tick-row.js';

/** An event as it goes over the wire, without its id. */
export const eventText = <Name extends keyof StreamEvents>(name: Name, data: StreamEvents[Name]): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/** An update is told to many clients and written once. */
const texts = new WeakMap<GoldUpdate, string>();

export function updateText(update: GoldUpdate): string {
  const known = texts.get(update) ?? written(update);
  texts.set(update, known);
  return known;
}

function written(update: GoldUpdate): string {
  const { lane_offset, lane_index } = update;
  if (update.type === 'bar') {
    const bar: BarEvent = { ...showBar(update), lane_offset, lane_index };
    return eventText('bar', bar);
  }
  const metrics: MetricsEvent = {
    ...(present(goldMetrics, update) as unknown as MetricsEvent),
    lane_offset,
    lane_index,
  };
  return eventText('metrics', metrics);
}

const tickTexts = new WeakMap<HeardTick, string>();

function tickText(tick: HeardTick): string {
  const known = tickTexts.get(tick) ?? JSON.stringify(showTick(heardRow(tick)));
  tickTexts.set(tick, known);
  return known;
}

/** An event `tick`, put together from ticks that are written once each. */
export const ticksText = (symbol: string, ticks: readonly HeardTick[]): string =>
  `event: tick\ndata: {"symbol":${JSON.stringify(symbol)},"ticks":[${ticks.map(tickText).join()}]}\n\n`;
