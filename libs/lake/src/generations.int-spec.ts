import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NO_FACTS, readFacts } from './generation-facts.js';
import type { GenerationFacts } from './generation-facts.js';
import { LakeGenerations } from './generations.js';
import { withFolder } from './lake-samples.contract.js';
import { NodeLakeFiles } from './node-lake-files.js';

const factsOf = (rules: string): GenerationFacts => ({ ...NO_FACTS, basis: { rules } });

async function withLake(
  test: (lake: { folder: string; generations: LakeGenerations }) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    for (const layer of ['bronze', 'silver', '_state/silver'])
      await mkdir(join(folder, layer), { recursive: true });
    await test({ folder, generations: LakeGenerations.of(folder) });
  });
}

/** A row of the generation, and a snapshot of its state. */
async function fill(folder: string, generation: string): Promise<void> {
  for (const lane of [join(folder, generation, 'ticks'), join(folder, '_state', generation)]) {
    await mkdir(lane, { recursive: true });
    await writeFile(join(lane, 'some'), 'rows');
  }
}

it('begins beside the one in use, which stays in use', () =>
  withLake(async ({ folder, generations }) => {
    expect(await generations.begin('silver', factsOf('r1'))).toBe('silver.g2');
    expect(await readFacts(join(folder, 'silver.g2'), new NodeLakeFiles())).toEqual(factsOf('r1'));
    expect(await generations.inUse('silver')).toBe('silver');
  }));

it('goes on with one that was begun with the same facts, rows and state included', () =>
  withLake(async ({ folder, generations }) => {
    await generations.begin('silver', factsOf('r1'));
    await fill(folder, 'silver.g2');
    expect(await generations.begin('silver', factsOf('r1'))).toBe('silver.g2');
    expect(existsSync(join(folder, 'silver.g2/ticks/some'))).toBe(true);
  }));

it('removes one that was begun with other facts, rows and state, and begins anew', () =>
  withLake(async ({ folder, generations }) => {
    await generations.begin('silver', factsOf('r1'));
    await fill(folder, 'silver.g2');
    const begun = await generations.begin('silver', factsOf('r2'));
    expect(await readFacts(join(folder, begun), new NodeLakeFiles())).toEqual(factsOf('r2'));
    expect(existsSync(join(folder, begun, 'ticks'))).toBe(false);
    expect(existsSync(join(folder, '_state/silver.g2'))).toBe(false);
    expect(existsSync(join(folder, 'silver'))).toBe(true);
  }));

it('uses several at one moment, and those of other layers still', () =>
  withLake(async ({ folder, generations }) => {
    await generations.use({ bronze: 'bronze.g4' });
    await generations.use({ silver: 'silver.g2', gold: 'gold.g2' });
    const used = ['bronze', 'silver', 'gold'].map((layer) => generations.inUse(layer));
    expect(await Promise.all(used)).toEqual(['bronze.g4', 'silver.g2', 'gold.g2']);
    // Nothing of how it was written is left.
    expect((await readdir(folder)).filter((name) => name.startsWith('_gen'))).toEqual(['_generations.json']);
  }));

it('gives no number twice, not even that of one of which only the state is left', () =>
  withLake(async ({ folder, generations }) => {
    await mkdir(join(folder, 'silver.g3'));
    await generations.use({ silver: 'silver.g3' });
    expect(await generations.begin('silver', factsOf('r1'))).toBe('silver.g4');
    await mkdir(join(folder, '_state/gold.g7'), { recursive: true });
    await generations.use({ gold: 'gold.g7' });
    expect(await generations.begin('gold', factsOf('r1'))).toBe('gold.g8');
  }));

it('prunes whatever is not in use, finished or not, of these layers alone', () =>
  withLake(async ({ folder, generations }) => {
    for (const name of ['silver.g2', 'silver.g3', 'gold', 'gold.g2']) await fill(folder, name);
    await mkdir(join(folder, '_state/silver.g9'), { recursive: true });
    await generations.use({ silver: 'silver.g2', gold: 'gold.g2' });
    const removed = await generations.prune(['silver']);
    expect([...removed].sort()).toEqual(
      ['silver', 'silver.g3', 'silver.g9'].map((name) => join(folder, name)),
    );
    const names = [...(await readdir(folder)), ...(await readdir(join(folder, '_state')))];
    expect([...new Set(names)].filter((name) => name.startsWith('silver'))).toEqual(['silver.g2']);
    expect(existsSync(join(folder, 'gold/ticks/some'))).toBe(true);
    expect(await generations.prune(['silver'])).toEqual([]);
  }));
