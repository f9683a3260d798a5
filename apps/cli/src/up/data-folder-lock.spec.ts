import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DataFolderLock } from './data-folder-lock.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engine-lock-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('tells the second one who holds the folder', () => {
  const first = DataFolderLock.take(folder, 'http://127.0.0.1:3000');
  expect(() => DataFolderLock.take(folder, 'http://127.0.0.1:3010')).toThrow(
    new RegExp(`pid ${process.pid}, http://127\\.0\\.0\\.1:3000`),
  );
  first.release();
  DataFolderLock.take(folder, 'http://127.0.0.1:3010').release();
  expect(existsSync(join(folder, 'engine.lock'))).toBe(false);
});

it('takes over what a dead process has left, also when its pid is in use again', () => {
  writeFileSync(
    join(folder, 'engine.lock'),
    JSON.stringify({ pid: process.pid, started: '1', address: 'http://gone' }),
  );
  DataFolderLock.take(folder, 'http://127.0.0.1:3000').release();
  expect(existsSync(join(folder, 'engine.lock'))).toBe(false);
});
