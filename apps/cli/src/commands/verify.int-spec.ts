import { copyFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { readLayerConfig, rulesVersion } from '@engine/config';
import { FileSnapshotStore } from '@engine/lake';
import { LakeMaker, marketMessages } from '@engine/verify/testing';

import { verify } from './verify.js';

const write = process.stdout.write.bind(process.stdout);
let data: string;
let printed: string;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'engine-verify-'));
  printed = '';
  process.stdout.write = (text: string | Uint8Array): boolean => {
    printed += String(text);
    return true;
  };
});

afterEach(async () => {
  process.stdout.write = write;
  await rm(data, { recursive: true, force: true });
});

/** A lake under the settings that the environment gives. */
async function makeLake(): Promise<void> {
  const { rules } = readLayerConfig({ DATA_DIR: data }, 'silver');
  const settings = {
    silver: rules,
    gold: rules,
    rules: rulesVersion(rules),
    lanes: 2,
    offsetsAreDense: true,
  };
  const maker = await LakeMaker.open({ folder: join(data, 'lake'), settings });
  const records = [...marketMessages(300, 2)];
  for (let at = 0; at < records.length; at += 20) {
    maker.add(records.slice(at, at + 20));
    if ((at + 20) % 100 === 0) await maker.publish();
  }
  maker.close();
}

describe('engine verify', () => {
  it('exits 0 with the ledger when all holds', async () => {
    await makeLake();
    expect(await verify.run(['--threads', '1', '--data', data])).toBe(0);
    expect(printed).toMatch(/bronze lane 0 {2}in \d+ = accepted \d+ \+ invalid \d+/);
    expect(printed).toMatch(/The lake holds/);
  });

  it('exits 1 and names the file and the remedy otherwise', async () => {
    await makeLake();
    const lane = join(data, 'lake', 'silver', 'ticks', 'lane=0');
    const name = (await readdir(lane)).find((candidate) => candidate.endsWith('.parquet'))!;
    await truncate(join(lane, name), 100);
    expect(await verify.run(['--threads', '1', '--data', data])).toBe(1);
    expect(printed).toContain(`damage: ${join(lane, name)}`);
    expect(printed).toContain(`move ${lane} aside`);
    expect(printed).toMatch(/THE LAKE IS DAMAGED/);
  });

  it('looks at one layer when told so', async () => {
    await makeLake();
    expect(await verify.run(['--layer', 'bronze', '--threads', '1', '--data', data])).toBe(0);
    expect(printed).not.toMatch(/silver lane/);
  });

  it('refuses a layer that there is not, a number of threads that is none, and a folder without a lake', async () => {
    await expect(verify.run(['--layer', 'tin', '--data', data])).rejects.toMatchObject({ exitCode: 2 });
    await expect(verify.run(['--threads', '0', '--data', data])).rejects.toMatchObject({ exitCode: 2 });
    await makeLake();
    await expect(verify.run(['--data', join(data, 'nothing')])).rejects.toMatchObject({ exitCode: 78 });
  });
});

/** Ten ways for a lake to go bad: `harm` returns the file that has to be named. */
describe('engine verify names the file and what can be done', () => {
  interface Corruption {
    readonly name: string;
    readonly harm: (paths: Paths) => Promise<string>;
    readonly remedy: RegExp;
  }
  interface Paths {
    /** A segment in the middle of silver/ticks, lane 0. */
    readonly segment: string;
    /** The one after it. */
    readonly next: string;
    /** The one in its place in lane 1. */
    readonly sibling: string;
    readonly snapshot: string;
  }

  const flip = async (path: string, position: (bytes: Buffer) => number): Promise<string> => {
    const bytes = await readFile(path);
    const at = position(bytes);
    bytes[at] = bytes[at]! ^ 1;
    await writeFile(path, bytes);
    return path;
  };
  const rebuild = /restore the file from a backup, or stop the engine, move .*lane=0 aside/;
  const corruptions: readonly Corruption[] = [
    {
      name: 'a bit flipped in a page',
      // Past the header of the first column's page.
      harm: ({ segment }) => flip(segment, () => 64),
      remedy: rebuild,
    },
    {
      name: 'a bit flipped in a footer',
      harm: ({ segment }) => flip(segment, (bytes) => bytes.lastIndexOf('next')),
      remedy: rebuild,
    },
    { name: 'truncated', harm: ({ segment }) => truncate(segment, 900).then(() => segment), remedy: rebuild },
    { name: 'empty', harm: ({ segment }) => truncate(segment, 0).then(() => segment), remedy: rebuild },
    { name: 'missing', harm: ({ segment, next }) => rm(segment).then(() => next), remedy: rebuild },
    {
      name: 'doubled under another name',
      harm: async ({ segment }) => {
        const copy = join(dirname(segment), 'copy.parquet');
        await copyFile(segment, copy);
        return copy;
      },
      remedy: /move .*copy\.parquet out of the lake/,
    },
    {
      name: 'of another lane',
      harm: ({ segment, sibling }) => copyFile(sibling, segment).then(() => segment),
      remedy: /restore the file from a backup, and find out who changed it/,
    },
    {
      name: 'a snapshot with a bit flipped',
      harm: ({ snapshot }) => flip(snapshot, (bytes) => bytes.length - 3),
      remedy: /delete .*\.snapshot/,
    },
    {
      name: 'a snapshot of another version of the rules than its rows',
      harm: async ({ snapshot }) => {
        await rm(snapshot);
        await writeSnapshot({ rules: 'another', offset: Number(basename(snapshot, '.snapshot')) });
        return snapshot;
      },
      remedy: /delete .*\.snapshot/,
    },
  ];

  const lakeFolder = (): string => join(data, 'lake');

  async function writeSnapshot(facts: { rules: string; offset: number }): Promise<void> {
    const store = await FileSnapshotStore.create({ folder: lakeFolder() });
    const snapshots = await store.open('silver', 0);
    await snapshots.write({ topic: 'input of silver#1', isFinal: false, body: 'a state', ...facts });
  }

  async function segmentsOf(lane: number): Promise<readonly string[]> {
    const folder = join(lakeFolder(), 'silver', 'ticks', `lane=${lane}`);
    const names = (await readdir(folder)).filter((name) => name.endsWith('.parquet')).sort();
    return names.map((name) => join(folder, name));
  }

  async function paths(): Promise<Paths> {
    const [[, segment, next], [, sibling]] = [await segmentsOf(0), await segmentsOf(1)];
    const offset = Number(basename(next!, '.parquet'));
    const { rules } = readLayerConfig({ DATA_DIR: data }, 'silver');
    await writeSnapshot({ rules: rulesVersion(rules), offset });
    const name = `${String(offset).padStart(20, '0')}.snapshot`;
    return {
      segment: segment!,
      next: next!,
      sibling: sibling!,
      snapshot: join(lakeFolder(), '_state', 'silver', 'lane=0', name),
    };
  }

  it.each(corruptions)('$name: exit 1', async ({ harm, remedy }) => {
    await makeLake();
    const damaged = await harm(await paths());
    expect(await verify.run(['--layer', 'silver', '--threads', '1', '--data', data])).toBe(1);
    const said = printed.split('\n\n').find((finding) => finding.startsWith(`damage: ${damaged}`));
    expect(said).toMatch(/^ {2}remedy: /m);
    expect(said).toMatch(remedy);
  });

  it('a leftover in _tmp harms nobody: a note, exit 0', async () => {
    await makeLake();
    const leftover = join(dirname((await paths()).segment), '_tmp', 'half-written');
    await writeFile(leftover, 'PAR1');
    expect(await verify.run(['--threads', '1', '--data', data])).toBe(0);
    expect(printed).toContain(`note: ${leftover}`);
  });
});
