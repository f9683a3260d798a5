import { DuckDbLake } from './duckdb-lake.js';
import { LakeInspector } from './lake-inspector.js';
import { draft, everyType, everyTypeBatch, withFolder } from './lake-samples.contract.js';
import { truncate } from 'node:fs/promises';

const row = { big: 2 ** 52, whole: -3, at: -1, price: 0.1, flag: true, text: 'é', repeated: 'a' };
const empty = { big: null, whole: 0, at: null, price: null, flag: null, text: null, repeated: null };

async function twoSegments(folder: string): Promise<void> {
  const lake = await DuckDbLake.open({ folder });
  const chain = await lake.open(everyType, 0);
  await chain.publish(draft(5, everyTypeBatch([row, empty])));
  await chain.publish(draft(9, everyTypeBatch([{ ...row, flag: false }])));
  lake.close();
}

async function withInspector<T>(use: (lake: LakeInspector, folder: string) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    await twoSegments(folder);
    const lake = await LakeInspector.open({ folder, memoryLimit: '64MB', threads: 1 });
    try {
      return await use(lake, folder);
    } finally {
      lake.close();
    }
  });
}

describe('LakeInspector', () => {
  it('scans rows in their order: numbers with NaN for null, texts with null', async () => {
    await withInspector(async (lake) => {
      const { walk } = await lake.inspect(everyType, 0);
      const seen: unknown[] = [];
      for await (const rows of lake.scan(everyType, walk.segments, Object.keys(everyType.columns)))
        for (let at = 0; at < rows.rows; at++)
          seen.push(Object.keys(everyType.columns).map((name) => rows.value(name, at)));
      expect(seen).toEqual([
        [2 ** 52, -3, -1, 0.1, 1, 'é', 'a'],
        [null, 0, null, null, null, null, null],
        [2 ** 52, -3, -1, 0.1, 0, 'é', 'a'],
      ]);
    });
  });

  it('counts and hashes files as their footers say', async () => {
    await withInspector(async (lake) => {
      const { segments } = (await lake.inspect(everyType, 0)).walk;
      const found = [];
      for await (const content of lake.contents(segments)) found.push(content);
      expect(found).toEqual(
        segments.map(({ path, footer }) => ({ path, rows: footer.rows, content: footer.content })),
      );
    });
  });

  it('tells a damaged file instead of throwing, and ends the walk before it', async () => {
    await withInspector(async (lake) => {
      const [, last] = (await lake.inspect(everyType, 0)).walk.segments;
      await truncate(last!.path, 20);
      const fresh = await LakeInspector.open({
        folder: last!.path.split('/silver/')[0]!,
        memoryLimit: '64MB',
        threads: 1,
      });
      const { walk, damaged } = await fresh.inspect(everyType, 0);
      fresh.close();
      expect(walk.end).toBe(5);
      expect(damaged.map(({ file }) => file)).toEqual([last!.path]);
    });
  });
});
