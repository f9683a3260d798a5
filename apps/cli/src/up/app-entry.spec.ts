import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { entryOf, sha256Of } from './app-entry.js';

const compiled = 'apps/gold/dist/main.js';
const bundled = 'apps/gold/bundle/dist/main.js';
const library = 'libs/lake/dist/index.js';
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'engine-entry-'));
  write(compiled, 'first');
  write(library, 'first');
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

function bundle(): void {
  const modules = [compiled, library];
  write(bundled, 'bundle');
  write('apps/gold/bundle/dist/origin.json', JSON.stringify({ modules, sha256: sha256Of(modules, root) }));
}

it('is the compiled modules where there is no bundle', () => {
  expect(entryOf('gold', root)).toBe(join(root, compiled));
});

it('is the bundle as long as nothing was compiled anew', () => {
  bundle();
  expect(entryOf('gold', root)).toBe(join(root, bundled));
});

it.each([
  [
    'a library was compiled anew',
    () => {
      write(library, 'other');
    },
  ],
  [
    'a module of it is gone',
    () => {
      rmSync(join(root, library));
    },
  ],
])('is the compiled modules when %s', (_, change) => {
  bundle();
  change();
  expect(entryOf('gold', root)).toBe(join(root, compiled));
});
