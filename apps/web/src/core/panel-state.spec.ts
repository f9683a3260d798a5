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
    ['a loss', [1], undefined, lost, { kind: 'stale', sinceMs: 5, why: 'lost' }],
    ['a loss that made a fetch fail', [1], 'refused', lost, { kind: 'stale', sinceMs: 5, why: 'lost' }],
    ['a loss before anything came', undefined, 'refused', lost, { kind: 'error', message: 'refused' }],
    ['a loss of an empty panel', [], undefined, lost, { kind: 'stale', sinceMs: 5, why: 'lost' }],
    [
      'a pause',
      [1],
      undefined,
      { state: 'paused', sinceMs: 7 } as const,
      { kind: 'stale', sinceMs: 7, why: 'paused' },
    ],
    [
      'the end of a pause, before anything is heard',
      [1],
      undefined,
      { state: 'connecting', sinceMs: 7 } as const,
      { kind: 'stale', sinceMs: 7, why: 'catching up' },
    ],
  ] as const)('%s', (_, value, error, connection, expected) => {
    expect(panelState({ value, error }, connection, isEmpty)).toEqual(expected);
  });

  it('is not ok before what was missed is fetched', () => {
    const content = { value: [1], error: undefined, missedSinceMs: 3 };
    expect(panelState(content, live)).toEqual({ kind: 'stale', sinceMs: 3, why: 'catching up' });
    expect(panelState(content, lost)).toEqual({ kind: 'stale', sinceMs: 5, why: 'lost' });
    expect(panelState({ ...content, error: '503' }, live)).toEqual({ kind: 'error', message: '503' });
  });
});
