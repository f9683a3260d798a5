import type { LaneReport, LayerState } from '@engine/contracts/api';

/** Younger than that, a record that is not processed yet is on its way. */
const ON_ITS_WAY_SECONDS = 2;

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** How a layer is, and why, from its lanes. */
export function layerState(
  lanes: readonly LaneReport[],
  stalled: readonly LaneReport[],
): { readonly state: LayerState; readonly reason: string } {
  const [worst] = [...stalled].sort((one, other) => other.pending - one.pending);
  if (worst !== undefined)
    return {
      state: 'stalled',
      reason: `Lane ${worst.lane} stands at ${worst.processed} of ${worst.inputEnd} for over a minute: is ${worst.layer} running?`,
    };
  const pending = lanes.reduce((sum, lane) => sum + lane.pending, 0);
  const oldest = Math.max(0, ...lanes.map(({ lagSeconds }) => lagSeconds));
  if (oldest > ON_ITS_WAY_SECONDS)
    return {
      state: 'behind',
      reason: `${counted(pending, 'record')} to go, the oldest ${oldest.toFixed(0)} s old`,
    };
  if (lanes.every(({ inputEnd }) => inputEnd === 0))
    return { state: 'waiting', reason: 'Nothing came in yet' };
  return { state: 'current', reason: 'All that came in is processed' };
}
