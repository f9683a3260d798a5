import fc from 'fast-check';

import { RecentKeys } from './recent-keys.js';
import type { RecentKeysSnapshot } from './recent-keys.js';

describe('RecentKeys', () => {
  it('remembers a key whose time is exactly at the horizon', () => {
    const keys = new RecentKeys();
    keys.add('a', 10, 0);
    keys.add('b', 20, 10);
    expect([keys.has('a', 10), keys.has('a', 11), keys.has('c', 0)]).toEqual([true, false, false]);
  });

  it('does not lose a key that came again with a later time when its first time is forgotten', () => {
    const keys = new RecentKeys();
    // 'a' waits behind 'z'; by the time it is forgotten in the queue it has come again.
    keys.add('z', 30, 0);
    keys.add('a', 10, 0);
    keys.add('a', 40, 20);
    for (const each of [RecentKeys.restore(keys.snapshot()), keys]) {
      each.add('b', 50, 35);
      expect([each.has('a', 35), each.has('z', 35)]).toEqual([true, false]);
    }
  });

  it('answers as a list of all keys does, whatever snapshots it goes on from', () => {
    // Numbers, and texts that are equal to one of them as numbers or would be no exact one.
    const names = [
      '0',
      '7',
      '07',
      '+7',
      '7.0',
      '',
      'k',
      '999999999999999',
      '9007199254740993',
      '9007199254740992',
    ];
    const steps = fc.array(fc.tuple(fc.nat(names.length - 1), fc.nat(20)), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (all) => {
        const list = new Map<string, number>();
        let keys = new RecentKeys();
        const neverRestored = new RecentKeys();
        let newest = 0;
        for (const [key, step] of all) {
          const [name, time] = [names[key]!, newest + step - 10];
          const since = newest - 10;
          const known = (list.get(name) ?? -Infinity) >= since;
          expect(keys.has(name, since)).toBe(known);
          newest = Math.max(newest, time);
          if (step % 4 === 0) keys = RecentKeys.restore(keys.snapshot());
          if (known) continue;
          keys.add(name, time, newest - 10);
          neverRestored.add(name, time, newest - 10);
          list.set(name, time);
          expect(timesByKey(keys.snapshot())).toEqual(timesByKey(neverRestored.snapshot()));
        }
      }),
    );
  });

  it.each(['', 'k'])(
    'stays as small as twice its horizon over a long time (keys begin with "%s")',
    (prefix) => {
      const keys = new RecentKeys();
      let remembered = 0;
      for (let time = 0; time < 50_000; time++) {
        keys.add(`${prefix}${time}`, time, time - 100);
        remembered = Math.max(remembered, keys.size);
      }
      expect(remembered).toBeLessThanOrEqual(203);
      expect([keys.has(`${prefix}49900`, 49_899), keys.has(`${prefix}49898`, 49_899)]).toEqual([true, false]);
      expect(keys.snapshot().keys).toHaveLength(101);
    },
  );
});

/** Throws where a key is there twice. */
function timesByKey({ keys, times }: RecentKeysSnapshot): Map<string, number> {
  const byKey = new Map(keys.map((key, at) => [key, times[at]!]));
  if (byKey.size !== keys.length) throw new Error(`A key is there twice: ${keys.join(' ')}`);
  return byKey;
}
