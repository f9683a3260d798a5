import { join } from 'node:path';
import { EngineProcess, startUp, untilNoProcessNames } from './support/engine.js';
import { freePort } from './support/ports.js';
import { killAll, processesNaming } from './support/processes.js';
import { publishedRows } from './support/progress.js';
import { Duck } from './support/duck.js';
import { tempFolder } from './support/temp-folder.js';
import { until } from './support/until.js';

const quick = { SEGMENT_MAX_MS: '200' };
let dataDir: string;
let duck: Duck;

beforeEach(async () => {
  dataDir = tempFolder('owner');
  duck = await Duck.open();
});
afterEach(() => {
  duck.close();
  killAll(processesNaming(dataDir));
});
const hasTicks = async () => (await publishedRows(duck, dataDir, 'silver/ticks')) > 0;

it('a second engine on the folder is refused and told who holds it, and the first goes on', async () => {
  const port = await freePort();
  const first = await startUp(dataDir, ['--port', String(port)], quick);
  await until('ticks arrive', () => hasTicks());

  const second = await startUp(dataDir, ['--no-dashboard'], quick);
  const refusal = await second.exited;
  expect([75, 78]).toContain(refusal.code);
  expect(second.output).toMatch(new RegExp(`\\b${first.pid}\\b`));
  expect(second.output).toContain(`:${port}`);

  expect(first.hasExited).toBe(false);
  const rows = await publishedRows(duck, dataDir, 'silver/ticks');
  await until('more ticks arrive', async () => (await publishedRows(duck, dataDir, 'silver/ticks')) > rows);
  expect((await first.stop('SIGTERM')).code).toBe(0);
  await untilNoProcessNames(dataDir);
});

it('a folder whose engine was killed is free again', async () => {
  const first = await startUp(dataDir, ['--no-dashboard'], quick);
  await until('ticks arrive', () => hasTicks());
  await first.stop('SIGKILL');
  await untilNoProcessNames(dataDir);
  const rows = await publishedRows(duck, dataDir, 'silver/ticks');

  const second = await startUp(dataDir, ['--no-dashboard'], quick);
  await until('more ticks arrive', async () => {
    if (second.hasExited) throw new Error(second.complaint);
    return (await publishedRows(duck, dataDir, 'silver/ticks')) > rows;
  });
  expect((await second.stop('SIGINT')).code).toBe(0);
});

it('of two that start at one time exactly one gets the folder', async () => {
  const start = () => startUp(dataDir, ['--no-dashboard'], quick);
  const both = await Promise.all([start(), start()]);
  const loser = await until('one gives up', () => both.find((engine) => engine.hasExited));
  expect([75, 78]).toContain((await loser.exited).code);
  await until('ticks arrive', () => hasTicks());
  const winner = both.find((engine) => engine !== loser);
  expect(winner?.hasExited).toBe(false);
  expect((await winner?.stop('SIGTERM'))?.code).toBe(0);
});

it('a folder that cannot be one is refused as configuration', async () => {
  const file = EngineProcess.start(['up', '--data', join(process.execPath, 'x'), '--no-dashboard']);
  expect((await file.exited).code).toBe(78);
});
