import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { openBrowser } from './open-browser.js';

const ADDRESS = 'http://127.0.0.1:3000';
const command = process.platform === 'darwin' ? 'open' : 'xdg-open';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'open-browser-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 3_000) throw new Error('It did not come true in 30 s');
    await delay(10);
  }
}

it('hands the address to the system’s opener', async () => {
  writeFileSync(
    join(folder, command),
    `#!/bin/sh\nprintf %s "$*" > ${folder}/said.part && /bin/mv ${folder}/said.part ${folder}/said\n`,
  );
  chmodSync(join(folder, command), 0o755);
  openBrowser(ADDRESS, () => undefined, { PATH: folder });
  await until(() => existsSync(join(folder, 'said')));
  expect(readFileSync(join(folder, 'said'), 'utf8')).toBe(ADDRESS);
});

it('says what to open where there is no opener', async () => {
  const said: string[] = [];
  openBrowser(ADDRESS, (line) => said.push(line), { PATH: folder });
  await until(() => said.length > 0);
  expect(said).toEqual([`There is no ${command} to open the browser with: open ${ADDRESS} yourself.`]);
});
