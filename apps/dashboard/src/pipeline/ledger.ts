import type { LaneReport, LayerLedger } from '@engine/contracts/api';
import type { SettledTicks } from './settled-ticks.js';
import type { VerdictCounts } from './verdict-counts.js';

interface Counts {
  readonly accepted: number;
  readonly refused: Readonly<Record<string, number>>;
}

const totalOf = ({ accepted, refused }: Counts): number =>
  Object.values(refused).reduce((sum, rows) => sum + rows, accepted);

/** Bronze makes rows of what came in, and every row is judged: there is nothing to be lost between. */
export function bronzeLedger(verdicts: VerdictCounts): LayerLedger {
  const counts = { accepted: verdicts.bronze.accepted(), refused: verdicts.bronze.refused() };
  const rows = totalOf(counts);
  return { in: rows, ...counts, inFlight: 0, checked: rows, balanced: true };
}

/** What bronze accepted is what silver has judged: all of it once both have published all they have, else what both have settled. */
export function silverLedger(
  verdicts: VerdictCounts,
  settled: SettledTicks,
  lanes: readonly LaneReport[],
): LayerLedger {
  const counts = { accepted: verdicts.silver.accepted(), refused: verdicts.silver.refused() };
  const input = verdicts.bronze.accepted();
  const inFlight = input - totalOf(counts);
  const isAtRest = lanes.every(({ layer, lag }) => layer === 'gold' || lag === 0);
  return isAtRest
    ? { in: input, ...counts, inFlight, checked: input, balanced: inFlight === 0 }
    : { in: input, ...counts, inFlight, checked: settled.checked, balanced: settled.agree };
}
