import { cp, copyFile, mkdtemp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  bronzeEvents,
  goldBars,
  goldMetrics,
  silverMarkers,
  silverTicks,
  silverWindows,
} from '@engine/medallion';
import type { TableSchema } from '@engine/medallion';
import type { Finding } from './finding.js';
import { filesOf, inspected, makeLake, verified } from './testing/made-lake.js';

let template: string;
let folder: string;

beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), 'verify-'));
  await makeLake({ folder: template });
});

afterAll(() => rm(template, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-'));
  await cp(template, folder, { recursive: true });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Verifies, expects damage, and gives the damages back. */
async function damages(): Promise<readonly Finding[]> {
  const { holds, findings } = await verified(folder);
  expect(holds).toBe(false);
  const found = findings.filter(({ severity }) => severity === 'damage');
  for (const { where, what, remedy } of found) {
    expect(where).not.toBe('');
    expect(what).not.toBe('');
    expect(remedy).not.toBe('');
  }
  return found;
}

/** The n-th file of a chain in lane 0. */
async function fileOf(table: TableSchema, at: number, lane = 0): Promise<string> {
  const path = (await filesOf(folder, table, lane))[at];
  if (path === undefined) throw new Error(`${table.name} has no file ${at}`);
  return path;
}

async function flipBit(path: string, at: (bytes: Buffer) => number): Promise<void> {
  const bytes = await readFile(path);
  const position = at(bytes);
  bytes[position] = bytes[position]! ^ 1;
  await writeFile(path, bytes);
}

describe.each([bronzeEvents, silverTicks, silverWindows, goldBars, goldMetrics])(
  'a file of $name',
  (table) => {
    it('with a bit flipped in a page is named, with what can be done', async () => {
      const path = await fileOf(table, 1);
      await flipBit(path, (bytes) => Math.floor(bytes.length / 3));
      const found = await damages();
      expect(found.some(({ where }) => where.startsWith(path))).toBe(true);
      expect(found[0]?.remedy).toMatch(/backup/);
    });

    it('with a bit flipped in its footer is named', async () => {
      const path = await fileOf(table, 1);
      await flipBit(path, (bytes) => bytes.indexOf('content', bytes.length - 2_000) + 12);
      expect((await damages()).some(({ where }) => where.startsWith(path))).toBe(true);
    });

    it('that was truncated is named', async () => {
      const path = await fileOf(table, 1);
      await truncate(path, 1_000);
      const [first] = await damages();
      expect(first?.where).toBe(path);
      expect(first?.what).toMatch(/damaged, and the chain ends before it/);
    });

    it('that is empty is named', async () => {
      const path = await fileOf(table, 1);
      await truncate(path, 0);
      expect((await damages())[0]?.where).toBe(path);
    });

    it('that is missing in the middle of its chain is missed', async () => {
      const [missing, next] = [await fileOf(table, 1), await fileOf(table, 2)];
      await rm(missing);
      const [first] = await damages();
      expect(first?.where).toBe(next);
      expect(first?.what).toMatch(/is missing/);
      expect(first?.remedy).toContain(dirname(missing));
    });

    it('that was copied beyond the end of its chain is found out', async () => {
      const path = await fileOf(table, 0);
      const copy = join(dirname(path), `${String(10 ** 9).padStart(20, '0')}.parquet`);
      await copyFile(path, copy);
      expect((await damages()).some(({ where, what }) => where === copy && what.includes('a copy'))).toBe(
        true,
      );
    });

    it('that was copied under a name of no chain is found out', async () => {
      const path = await fileOf(table, 0);
      const copy = join(dirname(path), 'copy.parquet');
      await copyFile(path, copy);
      const [first] = await damages();
      expect(first?.where).toBe(copy);
      expect(first?.remedy).toContain('move');
    });
  },
);

describe('a file copied to the end of its chain', () => {
  it('is found out by its footer', async () => {
    const { end } = (await inspected(folder, silverTicks, 0)).walk;
    const path = await fileOf(silverTicks, 0);
    const copy = join(dirname(path), `${String(end).padStart(20, '0')}.parquet`);
    await copyFile(path, copy);
    const [first] = await damages();
    expect(first?.where).toBe(copy);
    expect(first?.what).toContain('its footer says that it starts at 0');
  });
});

describe.each([bronzeEvents, silverTicks, silverWindows, goldBars])('the wrong lane, $name', (table) => {
  it('a file of another lane in the place of one is found out', async () => {
    await copyFile(await fileOf(table, 1, 1), await fileOf(table, 1, 0));
    const found = await damages();
    expect(found.some(({ where }) => where.includes(table.name))).toBe(true);
  });

  it('lanes that changed places are found out', async () => {
    const lane = dirname(await fileOf(table, 0));
    const other = dirname(await fileOf(table, 0, 1));
    await rename(lane, `${lane}-aside`);
    await rename(other, lane);
    await rename(`${lane}-aside`, other);
    const found = await damages();
    // Nothing in bronze's files says which partition they are of: there silver's rows tell.
    const culprit = table === bronzeEvents ? silverTicks : table;
    expect(found.some(({ where }) => where.includes(culprit.name))).toBe(true);
  });
});

describe('a lane that there is not', () => {
  it('is found out', async () => {
    const path = await fileOf(silverTicks, 0);
    const lane = join(dirname(dirname(path)), 'lane=7');
    await cp(dirname(path), lane, { recursive: true });
    expect((await damages()).some(({ where }) => where === lane)).toBe(true);
  });
});

describe('what harms nobody', () => {
  it('is left alone: names with an underscore, other files', async () => {
    const lane = dirname(await fileOf(silverMarkers, 0));
    await writeFile(join(lane, '_notes.parquet'), 'mine');
    await writeFile(join(lane, 'README'), 'mine');
    expect(await verified(folder)).toMatchObject({ holds: true, findings: [] });
  });

  it('is said as a note: leftovers in _tmp, of a table and of the lake', async () => {
    const paths = [
      join(folder, '_tmp', 'swapped'),
      join(dirname(await fileOf(silverMarkers, 0)), '_tmp', 'half-written'),
    ];
    for (const path of paths) await writeFile(path, 'PAR1');
    const { holds, findings } = await verified(folder);
    expect(holds).toBe(true);
    expect(findings.map(({ severity, where }) => [severity, where])).toEqual(
      paths.map((path) => ['note', path]),
    );
  });

  it('is lag: chains that end earlier than those before them', async () => {
    for (const table of [silverWindows, goldBars, goldMetrics])
      await rm((await filesOf(folder, table, 0)).at(-1)!);
    await rm((await filesOf(folder, silverTicks, 1)).at(-1)!);
    const { holds, findings, ledger } = await verified(folder);
    expect(findings.filter(({ severity }) => severity === 'damage')).toEqual([]);
    expect(holds).toBe(true);
    const said = findings.map(({ where, what }) => `${where}: ${what}`);
    expect(said).toContainEqual(expect.stringMatching(/gold\/bars\/lane=0: \d+ rows are not published yet/));
    expect(ledger.find(({ layer, lane }) => layer === 'silver' && lane === 1)?.lag).toBeGreaterThan(0);
  });

  it('is silver ahead of bronze, as after a kill', async () => {
    await rm((await filesOf(folder, bronzeEvents, 0)).at(-1)!);
    const { holds, findings } = await verified(folder);
    expect(holds).toBe(true);
    expect(findings.map(({ what }) => what)).toContainEqual(
      expect.stringMatching(/records that bronze has not published yet/),
    );
  });
});

describe('--layer', () => {
  it('looks at one layer only', async () => {
    await truncate(await fileOf(goldBars, 1), 10);
    expect(await verified(folder, { layers: ['bronze', 'silver'] })).toMatchObject({ holds: true });
    expect(await verified(folder, { layers: ['gold'] })).toMatchObject({ holds: false });
  });

  it('says what it could not read of the layers before', async () => {
    const path = await fileOf(silverTicks, 1);
    await truncate(path, 10);
    const { findings } = await verified(folder, { layers: ['gold'] });
    expect(findings).toContainEqual(expect.objectContaining({ where: path, severity: 'note' }));
  });
});
