/** `offset`: the input offset at which the snapshot was taken. */
export const snapshotName = (offset: number): string => `${String(offset).padStart(20, '0')}.snapshot`;

/** undefined: the name is nobody's business. */
export function parseSnapshotName(name: string): number | undefined {
  const digits = /^(\d{20})\.snapshot$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** How many snapshots that can be used are kept: the newest may turn out to be unreadable. */
const KEPT = 3;

/**
 * Which snapshots may go: those at or below `end` but for the newest three. One above `end` cannot be used yet; if it
 * counted, it would push out one that can.
 */
export function surplusSnapshots(offsets: readonly number[], end: number): readonly number[] {
  return offsets
    .filter((offset) => offset <= end)
    .sort((one, other) => other - one)
    .slice(KEPT);
}
