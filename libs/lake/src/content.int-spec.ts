import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { silverTicks } from '@engine/medallion';
import * as fc from 'fast-check';
import { addContents, contentOfBatches } from './content.js';
import { DuckDbLake } from './duckdb-lake.js';
import { draft, everyType, everyTypeBatch, ticks, withFolder } from './lake-samples.contract.js';
import type { EveryTypeRow } from './lake-samples.contract.js';
import { LakeInspector } from './lake-inspector.js';
import { LakeReader } from './lake-reader.js';

const NOTHING: EveryTypeRow = {
  big: null,
  whole: 0,
  at: null,
  price: null,
  flag: null,
  text: null,
  repeated: null,
};

/** What the docstring of `contentOfBatches` says, of canonical texts written by hand. */
const sumOf = (...texts: readonly string[]): string => {
  const hashes = texts.map((text) =>
    Buffer.from(createHash('md5').update(text, 'utf8').digest()).readBigUInt64LE(8),
  );
  return (hashes.reduce((sum, hash) => sum + hash, 0n) % 2n ** 64n).toString();
};

/** The content of a published segment, as its footer has it and as SQL makes it of the file's rows. */
async function publishedContent(rows: readonly EveryTypeRow[]): Promise<string> {
  return withFolder(async (folder) => {
    const lake = await DuckDbLake.open({ folder });
    const chain = await lake.open(everyType, 0);
    const { content } = await chain.publish(draft(1, everyTypeBatch(rows)));
    lake.close();
    const inspector = await LakeInspector.open({ folder, memoryLimit: '64MB', threads: 1 });
    const { segments } = (await inspector.inspect(everyType, 0)).walk;
    for await (const found of inspector.contents(segments)) expect(found).toMatchObject({ content });
    inspector.close();
    return content;
  });
}

describe('the content of a segment', () => {
  const full: EveryTypeRow = {
    big: -5,
    whole: 7,
    at: 1_700_000_000_000_001,
    price: 1.5,
    flag: true,
    text: 'é;:',
    repeated: '',
  };

  it('is the sum of the hashes of canonical texts', async () => {
    const texts = [';0;;;;::', '-5;7;1700000000000001;4609434218613702656;1;4:é;:0:'];
    expect(await publishedContent([NOTHING, full])).toBe(sumOf(...texts));
    expect(contentOfBatches([everyTypeBatch([NOTHING, full])])).toBe(sumOf(...texts));
  });

  it.each<[string, Partial<EveryTypeRow>, Partial<EveryTypeRow>]>([
    ['null from an empty text', { text: null }, { text: '' }],
    ['where a text ends', { text: 'ab', repeated: 'c' }, { text: 'a', repeated: 'bc' }],
    ['a text that looks like two', { text: '1:', repeated: '' }, { text: '', repeated: '1:' }],
    ['0 from -0', { price: 0 }, { price: -0 }],
    ['the last bit of a double', { price: 0.1 + 0.2 }, { price: 0.3 }],
    ['null from 0', { big: null }, { big: 0 }],
    ['null from false', { flag: null }, { flag: false }],
    ['a µs', { at: 1_700_000_000_000_001 }, { at: 1_700_000_000_000_002 }],
  ])('tells %s', async (_, one, other) => {
    expect(await publishedContent([{ ...NOTHING, ...one }])).not.toBe(
      await publishedContent([{ ...NOTHING, ...other }]),
    );
  });

  it('is the same in SQL and in JavaScript, for any rows', async () => {
    const nullable = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });
    const row = fc.record<EveryTypeRow>({
      big: nullable(fc.maxSafeInteger()),
      whole: fc.integer(),
      at: nullable(fc.integer({ min: 0, max: 8_993_808_000_000_000 - 1 })),
      price: nullable(fc.double({ noNaN: true })),
      flag: nullable(fc.boolean()),
      text: nullable(fc.string({ unit: 'binary' })),
      repeated: nullable(fc.constantFrom('a', 'b')),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 30 }), async (rows) => {
        expect(await publishedContent(rows)).toBe(contentOfBatches([everyTypeBatch(rows)]));
      }),
      { numRuns: 15 },
    );
  });

  it('adds up to the same however the rows are cut and batched', async () => {
    const whole = contentOfBatches([ticks(0, 60)]);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: 59 }), { maxLength: 5 }), async (cuts) => {
        const ends = [...cuts.sort((one, other) => one - other), 60];
        await withFolder(async (folder) => {
          const lake = await DuckDbLake.open({ folder });
          const chain = await lake.open(silverTicks, 0);
          const contents: string[] = [];
          for (const end of ends)
            contents.push((await chain.publish(draft(end, ticks(chain.end, end - chain.end)))).content);
          lake.close();
          expect(addContents(contents)).toBe(whole);
          const reader = await LakeReader.open({ folder });
          expect(await reader.contentOf(reader.files('silver/ticks'))).toBe(whole);
          reader.close();
        });
      }),
      { numRuns: 5 },
    );
  });
});

describe('recomputing the content', () => {
  it('notices a flipped bit in a page', async () => {
    await withFolder(async (folder) => {
      const lake = await DuckDbLake.open({ folder });
      const { content } = await (await lake.open(silverTicks, 0)).publish(draft(500, ticks(0, 500)));
      lake.close();
      const reader = await LakeReader.open({ folder });
      const [file = ''] = reader.files('silver/ticks');
      const bytes = await readFile(file);
      const footerAt = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
      const noticed: boolean[] = [];
      for (let at = 4; at < footerAt; at += Math.ceil(footerAt / 60)) {
        const flipped = Buffer.from(bytes);
        flipped.writeUInt8(flipped.readUInt8(at) ^ 0x10, at);
        await writeFile(file, flipped);
        const found = await reader.contentOf([file]).catch(() => 'unreadable');
        noticed.push(found !== content);
      }
      await writeFile(file, bytes);
      expect(await reader.contentOf([file])).toBe(content);
      reader.close();
      // What may go unnoticed are bits of page headers that nobody reads.
      expect(noticed.filter(Boolean).length).toBeGreaterThan(noticed.length * 0.9);
    });
  });
});
