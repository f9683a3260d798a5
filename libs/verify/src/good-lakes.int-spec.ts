import { LakeMaker, testSettings } from './testing/lake-maker.js';
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

  it('holds with texts that are easily read as others', async () => {
    await withFolder(async (folder) => {
      const maker = await LakeMaker.open({ folder, settings: testSettings() });
      const tick = { ticker: 'AAPL', price: 1, timestamp: 1_700_000_000_000 };
      const values = [
        { ...tick, id: '\uFEFFid', source: '\uFEFFfeed' },
        { ...tick, id: 'id', source: 'feed' },
        { ...tick, id: ' ', source: 'fe\0ed' },
        { ...tick, id: "it's", source: "o'feed" },
        { ...tick, id: 'base64:aWQ=', source: '😀' },
      ].map((value) => JSON.stringify(value));
      const unreadable = [`\uFEFF${JSON.stringify(tick)}`, 'base64:/w==', '', 'null'];
      const texts = [...values, ...unreadable].map((text) => Buffer.from(text));
      maker.add(
        [...texts, Buffer.from([0xff, 0xfe]), null].map((value, offset) => ({
          partition: 0,
          offset,
          timeMs: tick.timestamp,
          key: null,
          value,
        })),
      );
      await maker.publish();
      maker.close();
      const { findings, ledger } = await verified(folder);
      expect(findings).toEqual([]);
      expect(ledger[0]?.verdicts).toEqual(new Map(Object.entries({ accepted: 5, invalid: 6 })));
    });
  });
});
