import { MemoryChainStore } from '@engine/lake/testing';
import { goldBars } from '@engine/medallion';

import { goldPast } from './gold-past.js';
import { UnplacedChainError } from './recovery-errors.js';

it('no-row-twice: a chain of which only the floor is left does not begin again', async () => {
  const lake = new MemoryChainStore();
  const past = goldPast('silver-ticks');
  const chain = await lake.open(goldBars, 0);
  expect(past.storedTo(chain)).toBeNull();
  await chain.startAt(7);
  expect(() => past.storedTo(chain)).toThrow(UnplacedChainError);
  expect(() => past.storedTo(chain)).toThrow(
    'gold/bars/lane=0 does not say up to which row of silver it goes: below 7',
  );
});
