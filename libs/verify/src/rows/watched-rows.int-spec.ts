import { LakeInspector } from '@engine/lake';
import type { WalkedSegment } from '@engine/lake';
import { silverTicks } from '@engine/medallion';
import { makeLake, withFolder } from '../testing/made-lake.js';
import { WatchedRows } from './watched-rows.js';

describe('WatchedRows', () => {
  it('looks but once at files that are read, as well by chains that came from another thread', async () => {
    await withFolder(async (folder) => {
      await makeLake({ folder });
      const lake = await LakeInspector.open({ folder, memoryLimit: '64MB', threads: 1 });
      const read: WalkedSegment[] = [];
      lake.contents = async function* (some) {
        read.push(...some);
        yield* LakeInspector.prototype.contents.call(lake, some);
      };
      const chain = structuredClone(await lake.inspect(silverTicks, 0));
      const rows = new WatchedRows(lake, [chain]);
      const { segments } = chain.walk;
      let scanned = 0;
      for await (const some of rows.scan(silverTicks, segments, ['lane_offset'])) scanned += some.rows;
      expect(scanned).toBeGreaterThan(300);
      expect(await rows.hold()).toBe(true);
      expect(read).toEqual([]);
      lake.close();
    });
  });
});
