import type { Snapshot, SnapshotStore } from './ports.js';

/** A snapshot with most of what plain data can be. */
export const sample = (offset: number, facts: Partial<Snapshot> = {}): Snapshot => ({
  offset,
  rules: 'r1',
  topic: 'bronze-ticks@t1',
  isFinal: false,
  body: {
    at: offset,
    nothing: null,
    absent: undefined,
    prices: Float64Array.of(1.5, -0, Infinity, 5e-324),
    byId: new Map<string, readonly number[]>([['a', [1, 2]]]),
    text: 'µ',
  },
  ...facts,
});

/** What every snapshot store promises. */
export function snapshotStoreContract(
  withStore: (test: (store: SnapshotStore) => Promise<void>) => Promise<void>,
): void {
  it('begins with nothing', () =>
    withStore(async (store) => {
      const lane = await store.open('silver', 0);
      expect(await lane.list()).toEqual([]);
      await expect(lane.read(7)).rejects.toMatchObject({ name: 'SnapshotUnreadableError' });
    }));

  it('gives back what was written, bit for bit', () =>
    withStore(async (store) => {
      await (await store.open('silver', 0)).write(sample(7, { isFinal: true }));
      expect(await (await store.open('silver', 0)).read(7)).toEqual(sample(7, { isFinal: true }));
    }));

  it('keeps what was written, whatever becomes of what was read', () =>
    withStore(async (store) => {
      const lane = await store.open('silver', 0);
      await lane.write(sample(7));
      const { prices } = (await lane.read(7)).body as { prices: Float64Array };
      prices.fill(0);
      expect(await lane.read(7)).toEqual(sample(7));
    }));

  it('lists the newest first, and keeps layers and lanes apart', () =>
    withStore(async (store) => {
      const lane = await store.open('silver', 0);
      for (const offset of [9, 100, 10]) await lane.write(sample(offset));
      expect(await lane.list()).toEqual([100, 10, 9]);
      expect(await (await store.open('silver', 1)).list()).toEqual([]);
      expect(await (await store.open('gold', 0)).list()).toEqual([]);
    }));

  it('puts another one in the place of what stands at an offset', () =>
    withStore(async (store) => {
      const lane = await store.open('silver', 0);
      await lane.write(sample(7));
      await lane.write(sample(7, { rules: 'r2' }));
      expect(await lane.read(7)).toEqual(sample(7, { rules: 'r2' }));
      expect(await lane.list()).toEqual([7]);
    }));

  it('keeps the newest three at or below an end; those above neither count nor go (S3)', () =>
    withStore(async (store) => {
      const lane = await store.open('silver', 0);
      for (const offset of [1, 2, 3, 4, 5, 6, 7]) await lane.write(sample(offset));
      await lane.prune(5);
      expect(await lane.list()).toEqual([7, 6, 5, 4, 3]);
      await lane.prune(7);
      expect(await lane.list()).toEqual([7, 6, 5]);
    }));
}
