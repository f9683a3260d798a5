/** One consumer of a group. */
export interface Member {
  readonly id: string;
}

/** Who is in a group, and whose the topic's partitions are. A value: every change makes another one, no change the same one. */
export interface Group<M extends Member = Member> {
  /** In the order in which they joined. */
  readonly members: readonly M[];
  /** Per partition the id of the member that has its lease; null: it is free. */
  readonly owners: readonly (string | null)[];
}

export function emptyGroup<M extends Member>(partitions: number): Group<M> {
  return { members: [], owners: Array.from({ length: partitions }, () => null) };
}

export function isMember(group: Group, id: string): boolean {
  return group.members.some((member) => member.id === id);
}

export function joined<M extends Member>(group: Group<M>, member: M): Group<M> {
  return isMember(group, member.id) ? group : { ...group, members: [...group.members, member] };
}

/** Without these members; what they had is free. */
export function left<M extends Member>(group: Group<M>, ids: readonly string[]): Group<M> {
  if (!ids.some((id) => isMember(group, id))) return group;
  return {
    members: group.members.filter(({ id }) => !ids.includes(id)),
    owners: group.owners.map((owner) => (owner !== null && ids.includes(owner) ? null : owner)),
  };
}

/** The member has given these partitions back. */
export function released<M extends Member>(
  group: Group<M>,
  id: string,
  partitions: readonly number[],
): Group<M> {
  const isReleased = (owner: string | null, partition: number): boolean =>
    owner === id && partitions.includes(partition);
  if (!group.owners.some(isReleased)) return group;
  const owners = group.owners.map((owner, partition) => (isReleased(owner, partition) ? null : owner));
  return { ...group, owners };
}

/** The member takes free partitions, the lowest first, as many as it lacks. */
export function filled<M extends Member>(group: Group<M>, id: string): Group<M> {
  const free = partitionsOf(group, null);
  const lacking = shareOf(group, id) - partitionsOf(group, id).length;
  const taken = free.slice(0, Math.max(0, lacking));
  if (taken.length === 0) return group;
  const owners = group.owners.map((owner, partition) => (taken.includes(partition) ? id : owner));
  return { ...group, owners };
}

/**
 * The partitions the member has and may keep; the others are to be given up. Of four partitions, a second member gets
 * the upper two of the first one's, and a third one the higher of one of these: nothing else moves.
 */
export function keptBy(group: Group, id: string): readonly number[] {
  return partitionsOf(group, id).slice(0, shareOf(group, id));
}

/** How many partitions are the member's due: the same for all, and one more for the eldest where they do not come out even. */
export function shareOf({ members, owners }: Group, id: string): number {
  const rank = members.findIndex((member) => member.id === id);
  if (rank < 0) return 0;
  const even = Math.floor(owners.length / members.length);
  return even + (rank < owners.length % members.length ? 1 : 0);
}

function partitionsOf({ owners }: Group, id: string | null): number[] {
  return owners.flatMap((owner, partition) => (owner === id ? [partition] : []));
}
