import { goldBars, goldMetrics } from '@engine/medallion';
import type { BarUpdate, ColumnTypes, GoldUpdate, MetricsUpdate } from '@engine/medallion';

import { MalformedMessageError } from './errors.js';
import { decodeUpdate, encodeUpdate, updateKey } from './gold-updates.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (value: unknown): GoldUpdate => decodeUpdate(bytes(JSON.stringify(value)));
/** Whatever figures the table has come to have: a number each. */
const figures = (columns: ColumnTypes): Record<string, number> =>
  Object.fromEntries(Object.keys(columns).map((name, nr) => [name, nr + 0.1]));

const bar = {
  type: 'bar',
  state: 'final',
  lane_offset: 17,
  lane_index: 3,
  ...figures(goldBars.columns),
  symbol: 'X:BTCUSD',
  interval: '1m',
  start: 1_700_000_040_000_000,
  revision: 0,
} as unknown as BarUpdate;
const metrics = {
  type: 'metrics',
  lane_offset: 17,
  lane_index: 3,
  ...figures(goldMetrics.columns),
  symbol: 'AAPL',
} as unknown as MetricsUpdate;

it('gives bars and metrics back as they were', () => {
  for (const update of [bar, metrics])
    expect(decodeUpdate(bytes(encodeUpdate(update).value))).toEqual(update);
});

it('has one key per bar and one per symbol', () => {
  expect(encodeUpdate(bar).key).toBe('bar:X:BTCUSD:1m:1700000040000000');
  expect(updateKey(metrics)).toBe('metrics:AAPL');
});

it('takes a figure that its writer did not know for null', () => {
  expect(decode({ ...bar, vwap: undefined, closed_at: undefined })).toEqual({
    ...bar,
    vwap: null,
    closed_at: null,
  });
  expect(decode({ ...metrics, avg_sma: null })).toMatchObject({ avg_sma: null });
});

it('leaves out fields that it does not know', () => {
  expect(decode({ ...bar, from_the_future: 1 })).toEqual(bar);
});

it.each<[name: string, value: unknown, says: RegExp]>([
  ['an unknown type', { ...bar, type: 'trade' }, /type is "trade"/],
  ['an unknown state', { ...bar, state: 'done' }, /state is "done"/],
  ['a bar without a close', { ...bar, close: null }, /close is null/],
  ['a symbol that is a number', { ...bar, symbol: 5 }, /symbol is 5/],
  ['a figure that is text', { ...metrics, vwap: '1.5' }, /vwap is "1\.5"/],
  ['no offset', { ...metrics, lane_offset: undefined }, /lane_offset is nothing/],
  ['no object', 5, /Not an update of gold: "5"/],
])('refuses %s', (_name, value, says) => {
  expect(() => decode(value)).toThrow(MalformedMessageError);
  expect(() => decode(value)).toThrow(says);
});

it('refuses what is not JSON, and a tombstone', () => {
  expect(() => decodeUpdate(bytes('x'))).toThrow(MalformedMessageError);
  expect(() => decodeUpdate(null)).toThrow(MalformedMessageError);
});
