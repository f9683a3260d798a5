import { makeLake, verified, withFolder } from './testing/made-lake.js';

describe('verify, of a lake that nobody touched', () => {
  it.each([true, false])('holds, whether the ticks were keyed or not (%s)', async (keyed) => {
    await withFolder(async (folder) => {
      await makeLake({ folder, keyed });
      const { holds, findings } = await verified(folder);
      expect(findings).toEqual([]);
      expect(holds).toBe(true);
    });
  });
});
