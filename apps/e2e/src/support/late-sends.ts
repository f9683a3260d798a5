import type { Published } from './log.js';
import type { Layer } from './progress-meter.js';

/** What a layer sends, and where a message says its rows came from. */
const outputs: Readonly<Record<Layer, Output>> = {
  bronze: {
    topic: 'bronze-ticks',
    origins: ({ op = [], oo = [], oi }) =>
      op.map((partition, row) => ({ source: String(partition), at: [oo[row] ?? 0, oi?.[row] ?? 0] })),
  },
  silver: {
    topic: 'silver-ticks',
    origins: ({ o, i }) =>
      Array.isArray(o)
        ? o.map((offset, row) => ({ source: '', at: [offset, Array.isArray(i) ? (i[row] ?? 0) : 0] }))
        : [],
  },
  gold: {
    topic: 'gold-updates',
    origins: ({ lane_offset = 0, lane_index = 0 }) => [{ source: '', at: [lane_offset, lane_index] }],
    mayShareRows: true,
  },
};

interface Output {
  readonly topic: string;
  readonly origins: (value: Message) => Origin[];
  /** Several messages may follow from one and the same row. */
  readonly mayShareRows?: boolean;
}

interface Message {
  readonly op?: readonly number[];
  readonly oo?: readonly number[];
  readonly oi?: readonly number[];
  readonly o?: readonly number[] | number;
  readonly i?: readonly number[] | number;
  readonly lane_offset?: number;
  readonly lane_index?: number;
}

interface Origin {
  readonly source: string;
  readonly at: readonly [offset: number, index: number];
}

export const outputTopic = (layer: Layer): string => outputs[layer].topic;

/** Messages from these offsets on that begin with a row which their lane had before: sent by somebody who came too late. */
export function lateSends(layer: Layer, records: readonly Published[], from: readonly number[]): Published[] {
  const highest = new Map<string, readonly [number, number]>();
  return records.filter(({ partition, offset, value }) => {
    const origins = outputs[layer].origins(JSON.parse(String(value)) as Message);
    let isLate = false;
    for (const { source, at } of origins) {
      const seen = highest.get(`${partition}/${source}`);
      if (seen === undefined || isAbove(at, seen)) highest.set(`${partition}/${source}`, at);
      else isLate ||= outputs[layer].mayShareRows !== true || isAbove(seen, at);
    }
    return isLate && offset >= (from[partition] ?? 0);
  });
}

const isAbove = ([offset, index]: readonly [number, number], [o, i]: readonly [number, number]): boolean =>
  offset > o || (offset === o && index > i);
