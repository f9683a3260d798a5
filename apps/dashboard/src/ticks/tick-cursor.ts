import type { TickRow } from './tick-row.js';

/** A place in a list of ticks. */
export type TickCursor = Pick<TickRow, 'event_time' | 'lane_offset' | 'lane_index'>;

export const encodeTickCursor = ({ event_time, lane_offset, lane_index }: TickCursor): string =>
  `${event_time}.${lane_offset}.${lane_index}`;

export function parseTickCursor(text: string): TickCursor | undefined {
  const parts = /^(\d{1,15}|[1-8]\d{15})\.(\d{1,15})\.(\d{1,9})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [event_time = 0, lane_offset = 0, lane_index = 0] = parts;
  return { event_time, lane_offset, lane_index };
}

/** Ticks of one symbol lie in one lane, so their coordinates order those of one time. */
export const compareTicks = (one: TickCursor, other: TickCursor): number =>
  one.event_time - other.event_time ||
  one.lane_offset - other.lane_offset ||
  one.lane_index - other.lane_index;
