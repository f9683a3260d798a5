import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];

/** A new folder of its own; removed again at the end of the suite unless `KEEP_TEST_FOLDERS` is set. */
export function tempFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `engine-e2e-${name}-`));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  const keep = (process.env['KEEP_TEST_FOLDERS'] ?? '') !== '';
  for (const folder of folders.splice(0)) if (!keep) rmSync(folder, { recursive: true, force: true });
});
