import type { LaneStatus } from '@engine/contracts';

/** A lane that has processed all 12 records of its input, but for what the test says. */
export const laneStatus = (differently: Partial<LaneStatus> = {}): LaneStatus => ({
  lane: 0,
  inputEnd: 12,
  position: 12,
  acknowledged: true,
  watermarkUs: 1_700_000_000_500_000,
  symbols: 3,
  verdicts: { accepted: 10, late: 2 },
  published: { 'silver/ticks': 12 },
  lastSegment: { table: 'silver/ticks', first: 0, next: 12, rows: 12 },
  restoring: null,
  ...differently,
});
