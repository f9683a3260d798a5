import type { Bar } from '@engine/contracts/api';

const isOpen = (bar: Bar): boolean => bar.state === 'provisional';

/**
 * Whether `incoming` says more of the same bar than `known`: the higher revision does, then the one that is not provisional,
 * then the one based on the later tick. Lists and events may come in any order and twice.
 */
export function saysMore(incoming: Bar, known: Bar): boolean {
  if (incoming.revision !== known.revision) return incoming.revision > known.revision;
  if (isOpen(incoming) !== isOpen(known)) return isOpen(known);
  if (incoming.last_offset !== known.last_offset) return incoming.last_offset > known.last_offset;
  return incoming.ticks > known.ticks;
}

/** Whether a picture of the one differs from a picture of the other. */
export const looksDifferent = (one: Bar, other: Bar): boolean =>
  one.open !== other.open ||
  one.high !== other.high ||
  one.low !== other.low ||
  one.close !== other.close ||
  one.volume !== other.volume;
