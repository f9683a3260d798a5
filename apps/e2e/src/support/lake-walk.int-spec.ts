import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duck, literal } from './duck.js';
import { strayFiles, walkTable } from './lake-walk.js';
import { tempFolder } from './temp-folder.js';

let duck: Duck;
let lake: string;
let lane: string;

beforeEach(async () => {
  duck = await Duck.open();
  lake = tempFolder('walk');
  lane = join(lake, 'silver/markers/lane=2');
  mkdirSync(lane, { recursive: true });
});
afterEach(() => {
  duck.close();
});
async function segment(first: number, next: number, level: '' | '.l1' | '.l2' | '.l9' = ''): Promise<void> {
  const file = join(lane, `${String(first).padStart(20, '0')}${level}.parquet`);
  const footer = `first: '${first}', next: '${next}', rows: '1', content: '7', watermark: '5'`;
  await duck.run(
    `COPY (SELECT ${first}::BIGINT AS lane_offset) TO ${literal(file)} (FORMAT parquet, KV_METADATA {${footer}})`,
  );
}

const walked = async () =>
  (await walkTable(duck, lake, 'silver/markers')).map(({ lane, first, next }) => [lane, first, next]);

it('follows the chain and stops at the first hole', async () => {
  await segment(0, 4);
  await segment(4, 9);
  await segment(10, 12);
  expect(await walked()).toEqual([
    [2, 0, 4],
    [2, 4, 9],
  ]);
  expect(await strayFiles(duck, lake, 'silver/markers')).toEqual([
    `lane=2/${'10'.padStart(20, '0')}.parquet`,
  ]);
});

it('prefers a compacted file and passes what it covers', async () => {
  await segment(0, 4);
  await segment(4, 9);
  await segment(0, 9, '.l1');
  await segment(9, 12);
  expect(await walked()).toEqual([
    [2, 0, 9],
    [2, 9, 12],
  ]);
  expect(await strayFiles(duck, lake, 'silver/markers')).toEqual([]);
});

it('takes the highest level at each position, and nothing that begins inside', async () => {
  for (const [first, next] of [
    [0, 2],
    [2, 4],
    [4, 5],
  ] as const)
    await segment(first, next);
  await segment(0, 2, '.l1');
  await segment(2, 5, '.l1');
  await segment(0, 4, '.l2');
  await segment(4, 6, '.l9');
  await segment(4, 7, '.l2');
  expect(await walked()).toEqual([
    [2, 0, 4],
    [2, 4, 6],
  ]);
});

it('starts at the highest floor', async () => {
  await segment(0, 4);
  await segment(4, 9);
  for (const floor of [0, 4]) writeFileSync(join(lane, `${String(floor).padStart(20, '0')}.floor`), '');
  expect(await walked()).toEqual([[2, 4, 9]]);
});

it('throws when a file starts elsewhere than its name says', async () => {
  await segment(0, 4);
  const renamed = join(lane, `${'4'.padStart(20, '0')}.parquet`);
  await duck.run(
    `COPY (SELECT 1::BIGINT AS lane_offset) TO ${literal(renamed)} (FORMAT parquet, KV_METADATA {first: '5', next: '6', rows: '1', content: '7'})`,
  );
  await expect(walked()).rejects.toThrow('its footer says it starts at 5');
});
