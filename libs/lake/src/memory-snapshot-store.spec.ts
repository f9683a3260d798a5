import { MemorySnapshotStore } from './memory-snapshot-store.js';
import { sample, snapshotStoreContract } from './snapshot-store.contract.js';

describe('MemorySnapshotStore', () => {
  snapshotStoreContract((test) => test(new MemorySnapshotStore()));

  it('removes what was found damaged, and counts it not', async () => {
    const store = new MemorySnapshotStore();
    const lane = await store.open('silver', 0);
    for (const offset of [1, 2, 3, 4]) await lane.write(sample(offset));
    store.damage('silver', 0, 4);
    await expect(lane.read(4)).rejects.toThrow('checksum');
    await lane.prune(4);
    expect(store.offsets('silver', 0)).toEqual([3, 2, 1]);
  });
});
