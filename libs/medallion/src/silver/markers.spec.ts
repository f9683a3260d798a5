import { parseBarInterval } from '@engine/window';

import type { Layer } from '../layer.js';
import type { BronzeMessage, SilverMessage } from '../ticks.js';
import { silverLayer } from './silver-layer.js';
import type { SilverState } from './state.js';
import { closingMarkerUs, nextCloseUs } from './state.js';
import type { TickRow } from './testing.js';
import { bronzeLane, rowsOf } from './testing.js';

const SECOND = 1e6;

type Row = Record<string, string | number | boolean | null>;

/** A lane fed event by event: a tick of a symbol at a second, or a marker's second. Lateness 120 s, windows 60/30 s, bars of 5 m. */
class Lane {
  readonly layer: Layer<SilverState, BronzeMessage, SilverMessage> = silverLayer({
    allowedLatenessUs: 120 * SECOND,
    maxFutureUs: 10 * SECOND,
    silverRows: 5,
    windowUs: 60 * SECOND,
    windowSlideUs: 30 * SECOND,
    barIntervals: [parseBarInterval('5m')],
    maxSymbols: 10,
    dedupWithoutId: 'never',
  });
  readonly state = this.layer.initial();

  tick(symbol: string, second: number, price = 1): Row[] {
    return this.#apply([{ symbol, eventTimeUs: second * SECOND, price }]);
  }

  marker(second: number): Row[] {
    return this.#apply(second * SECOND);
  }

  get ends(): (number | null)[] {
    return [nextCloseUs(this.state), closingMarkerUs(this.state)].map((us) => us && us / SECOND);
  }

  #apply(message: readonly TickRow[] | number): Row[] {
    const { tables } = this.layer.apply(this.state, bronzeLane([message]));
    return rowsOf(tables.find(({ schema }) => schema.name === 'silver/windows'));
  }
}

describe('what a marker would close', () => {
  it('is nothing in a new lane', () => {
    expect(new Lane().ends).toEqual([null, null]);
  });

  it('is the earliest and the latest end of windows and bars, each with the lateness', () => {
    const lane = new Lane();
    lane.tick('A', 65);
    expect(lane.ends).toEqual([90 + 120, 300 + 120]);
    lane.tick('B', 209);
    expect(lane.ends[0]).toBe(210);
    lane.tick('B', 210);
    expect(lane.ends[0]).toBe(120 + 120);
  });

  it('is closed by that marker, to the last window', () => {
    const lane = new Lane();
    lane.tick('A', 65);
    expect(lane.marker(lane.ends[1]!).map(({ window_end, revision }) => [window_end, revision])).toEqual([
      [90 * SECOND, 0],
      [120 * SECOND, 0],
    ]);
    expect(lane.ends).toEqual([null, null]);
  });

  it('is a correction alone, when a tick fell into what is closed', () => {
    const lane = new Lane();
    lane.tick('A', 65);
    lane.marker(1000);
    expect(lane.tick('A', 66)).toEqual([]);
    expect(lane.ends).toEqual([null, 1000 + 1 / SECOND]);
    expect(lane.marker(lane.ends[1]!).map(({ ticks, revision }) => [ticks, revision])).toEqual([
      [2, 1],
      [2, 1],
    ]);
    expect(lane.ends).toEqual([null, null]);
  });
});

describe('a marker not above the previous one', () => {
  it('has its row and goes on, but publishes nothing', () => {
    const lane = new Lane();
    lane.tick('A', 65);
    lane.marker(1000);
    lane.tick('A', 66);
    const { tables, emitted } = lane.layer.apply(lane.state, bronzeLane([1000 * SECOND]));
    expect(tables.map(({ schema, rows }) => [schema.name, rows])).toEqual([['silver/markers', 1]]);
    expect(emitted).toEqual([{ kind: 'marker', markerUs: 1000 * SECOND, laneOffset: 0, laneIndex: 0 }]);
    expect(lane.layer.clockUs(lane.state)).toBe(1000 * SECOND);
  });
});
