import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readLayerConfig, rulesVersion } from '@engine/config';
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
  maker.add([...marketMessages(300, 2)]);
  await maker.publish();
  maker.close();
}

describe('engine verify', () => {
  it('exits 0 with the ledger when all holds', async () => {
    await makeLake();
    expect(await verify.run(['--threads', '1', '--data', data])).toBe(0);
    expect(printed).toMatch(/bronze lane 0 {2}in \d+ = accepted \d+ \+ invalid \d+/);
    expect(printed).toMatch(/The lake holds/);
  }, 30_000);

  it('exits 1 and names the file and the remedy otherwise', async () => {
    await makeLake();
    const lane = join(data, 'lake', 'silver', 'ticks', 'lane=0');
    const name = (await readdir(lane)).find((candidate) => candidate.endsWith('.parquet'))!;
    await truncate(join(lane, name), 100);
    expect(await verify.run(['--threads', '1', '--data', data])).toBe(1);
    expect(printed).toContain(`damage: ${join(lane, name)}`);
    expect(printed).toContain(`move ${lane} aside`);
    expect(printed).toMatch(/THE LAKE IS DAMAGED/);
  }, 30_000);

  it('looks at one layer when told so', async () => {
    await makeLake();
    expect(await verify.run(['--layer', 'bronze', '--threads', '1', '--data', data])).toBe(0);
    expect(printed).not.toMatch(/silver lane/);
  }, 30_000);

  it('refuses a layer that there is not, a number of threads that is none, and a folder without a lake', async () => {
    await expect(verify.run(['--layer', 'tin', '--data', data])).rejects.toMatchObject({ exitCode: 2 });
    await expect(verify.run(['--threads', '0', '--data', data])).rejects.toMatchObject({ exitCode: 2 });
    await makeLake();
    await expect(verify.run(['--data', join(data, 'nothing')])).rejects.toMatchObject({ exitCode: 78 });
  }, 30_000);
});
