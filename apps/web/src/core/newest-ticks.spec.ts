import type { Tick } from '@engine/contracts/api';
import { mergeTicks, SHOWN_TICKS } from './newest-ticks.js';

const tick = (offset: number, index = 0, stored = false): Tick =>
  ({ lane_offset: offset, lane_index: index, stored, verdict: 'accepted' }) as Tick;
const places = (ticks: readonly Tick[]): number[][] =>
  ticks.map(({ lane_offset, lane_index }) => [lane_offset, lane_index]);

it('shows the newest first, whatever order they come in', () => {
  expect(places(mergeTicks([tick(2), tick(1)], [tick(3, 1), tick(3)]))).toEqual([
    [3, 1],
    [3, 0],
    [2, 0],
    [1, 0],
  ]);
});

it('shows none twice: the one from the lake stays', () => {
  const stored = tick(1, 0, true);
  expect(mergeTicks([tick(1)], [stored])).toEqual([stored]);
  expect(mergeTicks([stored], [tick(1)])).toEqual([stored]);
});

it('shows so many and no more', () => {
  const many = Array.from({ length: 3 * SHOWN_TICKS }, (_, offset) => tick(offset));
  const shown = mergeTicks(many, []);
  expect(shown).toHaveLength(SHOWN_TICKS);
  expect(shown[0]?.lane_offset).toBe(3 * SHOWN_TICKS - 1);
});
