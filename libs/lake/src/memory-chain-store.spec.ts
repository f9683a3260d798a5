import { silverTicks } from '@engine/medallion';
import { chainStoreContract } from './chain-store.contract.js';
import { draft, everyType, everyTypeBatch, ticks } from './lake-samples.contract.js';
import { MemoryChainStore } from './memory-chain-store.js';
import { ChainMovedError } from './ports.js';

describe('MemoryChainStore', () => {
  chainStoreContract(async (test) => {
    const store = new MemoryChainStore();
    const offsets = (): Promise<readonly number[]> =>
      Promise.resolve(store.rows('silver/ticks').map((row) => Number(row['lane_offset'])));
    await test({ store, offsets });
  });

  it('gives rows back as objects, nulls and all', async () => {
    const store = new MemoryChainStore();
    const full = { big: 1, whole: 2, at: 3, price: 4.5, flag: false, text: '', repeated: 'x' };
    const empty = { big: null, whole: 0, at: null, price: null, flag: null, text: null, repeated: null };
    await (await store.open(everyType, 0)).publish(draft(2, everyTypeBatch([full, empty])));
    expect(store.rows('silver/every')).toEqual([full, empty]);
  });

  it('gives the lanes in the order of their numbers', async () => {
    const store = new MemoryChainStore();
    for (const lane of [10, 2])
      await (await store.open(silverTicks, lane)).publish(draft(lane + 1, ticks(lane, 1)));
    expect(store.rows('silver/ticks').map((row) => row['lane_offset'])).toEqual([2, 10]);
    expect(store.footers('silver/ticks').map(({ next }) => next)).toEqual([3, 11]);
  });

  it('lets another owner go first', async () => {
    const store = new MemoryChainStore();
    const chain = await store.open(silverTicks, 0);
    await store.publishAsOther(silverTicks, 0, draft(1, ticks(0, 1)));
    await expect(chain.publish(draft(2, ticks(0, 2)))).rejects.toThrow(ChainMovedError);
  });
});
