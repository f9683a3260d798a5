import { filled, keptBy } from '../../group/group.js';
import type { Group, Member } from '../../group/group.js';

/** What a member says of itself when it joins. */
export interface Claim extends Member {
  /** When it first joined, ms of its own clock: only to have an order that stays. */
  readonly since: number;
  /** The group's generation in which it was last told what is its own. */
  readonly generation: number;
  /** Partitions that it has and works on. */
  readonly held: readonly number[];
}

/**
 * Whose the partitions are, by the same rule as in every other log: equal shares, and only what has to move moves. What a
 * member holds beyond its share is nobody's yet: it is told to give it up, joins again without, and then it is given on.
 */
export function assignLanes(
  claims: readonly Claim[],
  partitions: number,
): ReadonlyMap<string, readonly number[]> {
  const members = [...claims].sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1));
  const owners = Array.from({ length: partitions }, (_, partition) => ownerOf(partition, members));
  const group = members.reduce<Group<Claim>>((before, { id }) => filled(before, id), { members, owners });
  return new Map(members.map(({ id }) => [id, keptBy(group, id)]));
}

/** Of several who say so, one was taken for dead and has not heard of it: the one who was told last is right. */
function ownerOf(partition: number, members: readonly Claim[]): string | null {
  const claiming = members.filter(({ held }) => held.includes(partition));
  const newest = claiming.reduce<Claim | undefined>(
    (best, claim) => (best === undefined || claim.generation > best.generation ? claim : best),
    undefined,
  );
  return newest?.id ?? null;
}
