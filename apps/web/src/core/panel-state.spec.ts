import type { Connection } from './connection.js';
import { panelState } from './panel-state.js';

const live: Connection = { state: 'live' };
const lost: Connection = { state: 'lost', sinceMs: 5 };
const isEmpty = (rows: readonly number[]): boolean => rows.length === 0;

describe('the five states of a panel', () => {
  it.each([
    ['nothing known yet', undefined, undefined, live, { kind: 'loading' }],
    ['rows', [1], undefined, live, { kind: 'ok' }],
    ['rows while the stream connects', [1], undefined, { state: 'connecting' } as const, { kind: 'ok' }],
    ['no rows', [], undefined, live, { kind: 'empty' }],
    ['a failure at the first fetch', undefined, '503', live, { kind: 'error', message: '503' }],
    ['a failure later on', [1], '503', live, { kind: 'error', message: '503' }],
    ['a loss', [1], undefined, lost, { kind: 'stale', sinceMs: 5, isPaused: false }],
    ['a loss that made a fetch fail', [1], 'refused', lost, { kind: 'stale', sinceMs: 5, isPaused: false }],
    ['a loss before anything came', undefined, 'refused', lost, { kind: 'error', message: 'refused' }],
    ['a loss of an empty panel', [], undefined, lost, { kind: 'stale', sinceMs: 5, isPaused: false }],
    [
      'a pause',
      [1],
      undefined,
      { state: 'paused', sinceMs: 7 } as const,
      { kind: 'stale', sinceMs: 7, isPaused: true },
    ],
  ] as const)('%s', (_, value, error, connection, expected) => {
    expect(panelState({ value, error }, connection, isEmpty)).toEqual(expected);
  });
});
