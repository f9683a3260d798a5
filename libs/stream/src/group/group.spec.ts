import fc from 'fast-check';
import { emptyGroup, filled, joined, keptBy, left, released } from './group.js';
import type { Group } from './group.js';

const member = (id: string): { id: string } => ({ id });

/** Lets everybody give up and take what is theirs, in any order, until nothing moves. */
function settled(group: Group): Group {
  let before: Group;
  let after = group;
  do {
    before = after;
    for (const { id } of [...before.members].reverse()) {
      const kept = keptBy(after, id);
      const surplus = after.owners.flatMap((owner, p) => (owner === id && !kept.includes(p) ? [p] : []));
      after = filled(released(after, id, surplus), id);
    }
  } while (after !== before);
  return after;
}

const moved = (before: Group, after: Group): number =>
  before.owners.filter((owner, partition) => owner !== after.owners[partition]).length;

describe('a group', () => {
  it('gives its first member everything', () => {
    const group = settled(joined(emptyGroup(4), member('a')));
    expect(group.owners).toEqual(['a', 'a', 'a', 'a']);
  });

  it('gives a second and a third member their shares, and moves nothing else', () => {
    const one = settled(joined(emptyGroup(4), member('z')));
    const two = settled(joined(one, member('b')));
    expect(two.owners).toEqual(['z', 'z', 'b', 'b']);
    const three = settled(joined(two, member('a')));
    expect(three.owners).toEqual(['z', 'z', 'b', 'a']);
    expect(settled(left(three, ['z'])).owners).toEqual(['a', 'b', 'b', 'a']);
  });

  it('takes nothing that is not free: the owner has to give it up first', () => {
    const one = settled(joined(emptyGroup(3), member('a')));
    const two = filled(joined(one, member('b')), 'b');
    expect(two.owners).toEqual(['a', 'a', 'a']);
    expect(keptBy(two, 'a')).toEqual([0, 1]);
    expect(filled(released(two, 'a', [2]), 'b').owners).toEqual(['a', 'a', 'b']);
  });

  it('lets members that are too many stand by', () => {
    const group = settled(['a', 'b', 'c'].map(member).reduce(joined, emptyGroup(2)));
    expect([...group.owners].sort()).toEqual(['a', 'b']);
    expect(keptBy(group, 'c')).toEqual([]);
    expect(settled(left(group, ['a'])).owners).toContain('c');
  });

  it('is the same value when nothing has changed', () => {
    const group = settled(joined(emptyGroup(2), member('a')));
    expect(joined(group, member('a'))).toBe(group);
    expect(left(group, ['b'])).toBe(group);
    expect(released(group, 'b', [0])).toBe(group);
    expect(filled(group, 'a')).toBe(group);
    expect(filled(group, 'b')).toBe(group);
  });

  const steps = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 6 })), { maxLength: 30 });

  it('shares evenly after any joins and leaves, and moves no more than evenness demands', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), steps, (partitions, all) => {
        let group: Group = emptyGroup(partitions);
        for (const [isJoin, n] of all) {
          const id = `m${n}`;
          const before = group;
          const changed = isJoin ? joined(before, member(id)) : left(before, [id]);
          group = settled(changed);
          const { members, owners } = group;
          const counts = members.map((each) => owners.filter((owner) => owner === each.id).length);
          if (members.length > 0) {
            expect(owners).not.toContain(null);
            expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
          }
          const due = isJoin ? Math.floor(partitions / members.length) : 0;
          if (changed === before) expect(moved(before, group)).toBe(0);
          else if (isJoin && members.length > 1) expect(moved(before, group)).toBe(due);
          else if (!isJoin) {
            const orphaned = before.owners.filter((owner) => owner === id).length;
            expect(moved(before, group)).toBe(orphaned);
          }
        }
      }),
    );
  });
});
