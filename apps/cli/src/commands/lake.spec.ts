import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { topicNames } from '@engine/contracts';

import { archive } from './lake.js';

const NOW = new Date('2026-11-23T07:30:05.123Z');
const SUFFIX = '.archived-20261123T073005Z';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engine-archive-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const places = (): { lake: string; log: string } => ({
  lake: join(folder, 'lake'),
  log: join(folder, 'log'),
});

it('moves the lake and the topics between the layers aside, whole, and leaves stock-ticks', () => {
  const { lake, log } = places();
  for (const path of [
    lake,
    ...['stock-ticks', 'bronze-ticks', 'silver-ticks'].map((topic) => join(log, topic)),
  ]) {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'content'), path);
  }
  const archived = archive(places(), topicNames(), NOW);
  expect(archived).toEqual([
    `${lake}${SUFFIX}`,
    `${log}${SUFFIX}/bronze-ticks`,
    `${log}${SUFFIX}/silver-ticks`,
  ]);
  expect(readFileSync(join(`${lake}${SUFFIX}`, 'content'), 'utf8')).toBe(lake);
  expect(readdirSync(log)).toEqual(['stock-ticks']);
  expect(readdirSync(folder).sort()).toEqual([`lake${SUFFIX}`, 'log', `log${SUFFIX}`]);
});

it('moves nothing where there is no lake', () => {
  const { log } = places();
  mkdirSync(join(log, 'bronze-ticks'), { recursive: true });
  expect(() => archive(places(), topicNames(), NOW)).toThrow(/there is no lake to archive/);
  expect(readdirSync(log)).toEqual(['bronze-ticks']);
});
