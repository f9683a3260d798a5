import { parseBarInterval } from '@engine/window';

import type { SilverSettings } from './settings.js';
import { silverLayer } from './silver-layer.js';
import type { TickRow } from './testing.js';
import { bronzeLane, rowsOf } from './testing.js';

const SECOND = 1e6;
const DAY = 86_400 * SECOND;
const T0 = Date.UTC(2024, 1, 29, 10) * 1000;

const settings: SilverSettings = {
  allowedLatenessUs: 120 * SECOND,
  maxFutureUs: 10 * SECOND,
  silverRows: 5,
  windowUs: 60 * SECOND,
  windowSlideUs: 30 * SECOND,
  barIntervals: [parseBarInterval('1m')],
  maxSymbols: 2,
  dedupWithoutId: 'never',
};

const tick = (symbol: string, us: number, more: Partial<TickRow> = {}): TickRow => ({
  symbol,
  eventTimeUs: T0 + us,
  price: 100,
  ...more,
});

/** The verdicts of ticks that come one record each; markers are times after T0. */
function verdicts(events: readonly (TickRow | number)[], changes: Partial<SilverSettings> = {}): unknown[] {
  const layer = silverLayer({ ...settings, ...changes });
  const lane = bronzeLane(events.map((event) => (typeof event === 'number' ? T0 + event : [event])));
  const { tables } = layer.apply(layer.initial(), lane);
  return rowsOf(tables.find(({ schema }) => schema.name === 'silver/ticks')).map(({ verdict }) => verdict);
}

describe('late', () => {
  it('is what lies over the lateness behind the newest accepted tick of its own symbol', () => {
    const events = [
      tick('A', 0),
      tick('A', -120 * SECOND),
      tick('A', -120 * SECOND - 1),
      tick('B', -500 * SECOND),
    ];
    expect(verdicts(events)).toEqual(['accepted', 'accepted', 'late', 'accepted']);
  });

  it('is never the work of a marker', () => {
    expect(verdicts([tick('A', 0), 3600 * SECOND, tick('A', -120 * SECOND)])).toEqual([
      'accepted',
      'accepted',
    ]);
  });

  it('comes before duplicate', () => {
    const old = tick('A', 0, { tradeId: '1' });
    expect(verdicts([old, tick('A', 121 * SECOND), old])).toEqual(['accepted', 'accepted', 'late']);
  });
});

describe('future', () => {
  it('is what lies over the bound ahead of its record time', () => {
    const at = (ahead: number): TickRow => tick('A', ahead, { recordTimeUs: T0 });
    expect(verdicts([at(10 * SECOND), at(10 * SECOND + 1)])).toEqual(['accepted', 'future']);
  });

  it('changes no state: neither clock, symbols, newest time nor ids', () => {
    const wrong = tick('A', 10 * DAY, { recordTimeUs: T0, tradeId: '1' });
    const layer = silverLayer(settings);
    const state = layer.initial();
    layer.apply(state, bronzeLane([[wrong]]));
    expect([layer.clockUs(state), layer.symbols(state)]).toEqual([null, 0]);
    expect(verdicts([wrong, tick('A', 0, { tradeId: '1' })])).toEqual(['future', 'accepted']);
  });
});

describe('duplicate', () => {
  const trade = (us: number, more: Partial<TickRow> = {}): TickRow =>
    tick('A', us, { tradeId: '7', ...more });

  it('is the same source, symbol and id, whatever else differs', () => {
    const events = [
      trade(0),
      trade(1, { price: 5 }),
      trade(0, { source: 'other' }),
      tick('B', 0, { tradeId: '7' }),
    ];
    expect(verdicts(events)).toEqual(['accepted', 'duplicate', 'accepted', 'accepted']);
  });

  it('is forgotten once the first one lies over the lateness behind the newest', () => {
    expect(verdicts([trade(0), tick('A', 120 * SECOND), trade(120 * SECOND)])).toEqual([
      'accepted',
      'accepted',
      'duplicate',
    ]);
    expect(
      verdicts([trade(0), tick('A', 120 * SECOND + 1), trade(121 * SECOND), trade(121 * SECOND)]),
    ).toEqual(['accepted', 'accepted', 'accepted', 'duplicate']);
  });

  it('is judged by the newest before the tick at hand', () => {
    expect(verdicts([trade(0), trade(500 * SECOND)])).toEqual(['accepted', 'duplicate']);
  });

  it('is never the content of ticks without an id, unless asked for', () => {
    const same = [tick('A', 0), tick('A', 0), tick('A', 0)];
    expect(verdicts(same)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(verdicts(same, { dedupWithoutId: 'content' })).toEqual(['accepted', 'duplicate', 'duplicate']);
  });

  it('by content needs every field equal and no id', () => {
    const events = [
      tick('A', 0, { size: 1 }),
      tick('A', 0),
      tick('A', 0, { size: 2 }),
      tick('A', 0, { size: 1, price: 101 }),
      tick('A', 1, { size: 1 }),
      tick('A', 0, { size: 1, source: 'other' }),
      tick('A', 0, { size: 1, tradeId: '100' }),
      tick('A', 0, { size: 1, side: 'buy' }),
    ];
    expect(verdicts(events, { dedupWithoutId: 'content' })).toEqual([
      ...Array<string>(7).fill('accepted'),
      'duplicate',
    ]);
  });
});

describe('too_many_symbols', () => {
  it('is a new symbol in a full lane, before any other verdict', () => {
    const events = [tick('A', 0), tick('B', 0), tick('C', DAY, { recordTimeUs: T0 }), tick('A', 1)];
    expect(verdicts(events)).toEqual(['accepted', 'accepted', 'too_many_symbols', 'accepted']);
  });

  it('gives way when a symbol was silent for a day and the lateness', () => {
    const silence = DAY + 120 * SECOND;
    const events = [
      tick('A', 0),
      tick('B', silence - 1),
      tick('C', silence),
      tick('B', silence),
      tick('C', silence),
    ];
    expect(verdicts(events)).toEqual(['accepted', 'accepted', 'too_many_symbols', 'accepted', 'accepted']);
  });

  it('lets go by markers too', () => {
    const events = [tick('A', 0), tick('B', 1), DAY + 120 * SECOND, tick('C', DAY)];
    expect(verdicts(events)).toEqual(['accepted', 'accepted', 'accepted']);
  });

  it('takes a symbol that returns behind the horizon for late, so that no bar of it is published twice', () => {
    const silence = DAY + 120 * SECOND;
    const events = [
      tick('A', 0),
      tick('B', silence),
      tick('C', silence),
      tick('B', silence + 1),
      // A was let go when the clock stood at `silence`; now B and C may go too.
      silence + DAY + 121 * SECOND,
      tick('A', silence - 120 * SECOND - 1),
      tick('A', silence - 120 * SECOND),
    ];
    expect(verdicts(events).slice(4)).toEqual(['late', 'accepted']);
  });

  it('lets nobody go for a tick that is refused', () => {
    const silence = DAY + 120 * SECOND;
    const future = tick('C', 9 * DAY, { recordTimeUs: T0 });
    const events = [tick('A', 0), tick('B', silence), future, tick('A', -120 * SECOND)];
    expect(verdicts(events)).toEqual(['accepted', 'accepted', 'future', 'accepted']);
  });
});

it('counts every tick under one verdict', () => {
  const layer = silverLayer(settings);
  const ticks = [tick('A', 0, { tradeId: '1' }), tick('A', 0, { tradeId: '1' }), tick('B', 0), tick('C', 0)];
  const more = [tick('A', -121 * SECOND), tick('A', DAY, { recordTimeUs: T0 }), 5 * SECOND, tick('B', 7)];
  const lane = [...ticks, ...more].map((event) => (typeof event === 'number' ? event : [event]));
  expect(Object.fromEntries(layer.apply(layer.initial(), bronzeLane(lane)).verdicts)).toEqual({
    accepted: 3,
    duplicate: 1,
    late: 1,
    future: 1,
    too_many_symbols: 1,
  });
});

it.each([
  ['silverRows', 0],
  ['maxSymbols', 1.5],
  ['windowUs', DAY + 1],
  ['windowSlideUs', 61 * SECOND],
  ['allowedLatenessUs', NaN],
] as const)('refuses %s = %d', (field, value) => {
  const layer = (): unknown => silverLayer({ ...settings, [field]: value });
  expect(layer).toThrow(RangeError);
  expect(layer).toThrow(field === 'windowSlideUs' ? 'window slide' : field);
});
