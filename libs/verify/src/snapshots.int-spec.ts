import { cp, mkdtemp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileSnapshotStore } from '@engine/lake';
import type { Snapshot } from '@engine/lake';
import { silverTicks } from '@engine/medallion';
import type { Finding } from './finding.js';
import { filesOf, inspected, makeLake, verified } from './testing/made-lake.js';

let template: string;
let folder: string;
let end: number;

beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), 'verify-'));
  await makeLake({ folder: template });
  ({ end } = (await inspected(template, silverTicks, 0)).walk);
});

afterAll(() => rm(template, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-'));
  await cp(template, folder, { recursive: true });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Writes a snapshot of silver's lane 0 and returns its path. */
async function snapshotAt(offset: number, facts: Partial<Snapshot> = {}): Promise<string> {
  const store = await FileSnapshotStore.create({ folder });
  const sound = {
    offset,
    rules: '1-test',
    topic: 'input of silver#1',
    isFinal: false,
    body: { some: 'state' },
  };
  await (await store.open('silver', 0)).write({ ...sound, ...facts });
  return pathOf(offset);
}

const pathOf = (offset: number): string =>
  join(folder, '_state', 'silver', 'lane=0', `${String(offset).padStart(20, '0')}.snapshot`);

async function onlyFinding(): Promise<Finding & { readonly holds: boolean }> {
  const { holds, findings } = await verified(folder);
  expect(findings).toHaveLength(1);
  return { ...findings[0]!, holds };
}

describe('a snapshot', () => {
  it('that is sound is not spoken of', async () => {
    await snapshotAt(end);
    expect(await verified(folder)).toMatchObject({ holds: true, findings: [] });
  });

  it.each([
    ['its header', 12],
    ['its checksum', 150],
    ['its body', -3],
  ])('with a bit flipped in %s is damage, to be deleted', async (_, at) => {
    const path = await snapshotAt(end);
    const bytes = await readFile(path);
    const position = at < 0 ? bytes.length + at : at;
    bytes[position] = bytes[position]! ^ 1;
    await writeFile(path, bytes);
    const { holds, severity, where, remedy } = await onlyFinding();
    expect({ holds, severity, where }).toEqual({ holds: false, severity: 'damage', where: path });
    expect(remedy).toContain(`delete ${path}`);
  });

  it.each([0, 20, 200])('of %d bytes only is damage', async (bytes) => {
    const path = await snapshotAt(end);
    await truncate(path, bytes);
    expect(await onlyFinding()).toMatchObject({ holds: false, where: path });
  });

  it('under the name of another offset is damage', async () => {
    await rename(await snapshotAt(end), pathOf(end - 1));
    const { holds, where, what } = await onlyFinding();
    expect({ holds, where }).toEqual({ holds: false, where: pathOf(end - 1) });
    expect(what).toContain(`taken at ${end}`);
  });

  it('of other rules than the rows before it is damage: a start refuses it', async () => {
    const path = await snapshotAt(end, { rules: '7-other' });
    const { holds, severity, where, remedy } = await onlyFinding();
    expect({ holds, severity, where }).toEqual({ holds: false, severity: 'damage', where: path });
    expect(remedy).toContain(`delete ${path}`);
  });

  it('of other rules, those that the rows before it were decided under, is a note', async () => {
    await rm(folder, { recursive: true });
    await makeLake({ folder, rules: '7-other' });
    const path = await snapshotAt(end, { rules: '7-other', isFinal: true });
    const { holds, findings } = await verified(folder);
    expect(holds).toBe(true);
    expect(findings).toContainEqual(expect.objectContaining({ severity: 'note', where: path }));
  });

  it('above the end of a table is a note: a start passes over it', async () => {
    const path = await snapshotAt(end);
    await rm((await filesOf(folder, silverTicks, 0)).at(-1)!);
    const { holds, findings } = await verified(folder);
    expect(holds).toBe(true);
    expect(findings).toContainEqual(expect.objectContaining({ severity: 'note', where: path }));
  });

  it('of another log is a note', async () => {
    const path = await snapshotAt(end, { topic: 'input of silver#2' });
    expect(await onlyFinding()).toMatchObject({ holds: true, severity: 'note', where: path });
  });
});

it('a file among the snapshots that is none by its name is a note, and what begins with an underscore nothing', async () => {
  const lane = join(await snapshotAt(end), '..');
  await writeFile(join(lane, 'copy of 7.snapshot'), 'mine');
  await writeFile(join(lane, '_mine'), 'mine');
  expect(await onlyFinding()).toMatchObject({ holds: true, where: join(lane, 'copy of 7.snapshot') });
});

it('--layer bronze has no snapshots, --layer gold only its own', async () => {
  await truncate(await snapshotAt(end), 3);
  expect(await verified(folder, { layers: ['bronze'] })).toMatchObject({ holds: true });
  expect(await verified(folder, { layers: ['gold'] })).toMatchObject({ holds: true });
  expect(await verified(folder, { layers: ['silver'] })).toMatchObject({ holds: false });
});
