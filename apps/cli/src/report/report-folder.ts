import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { CommandError } from '../usage-error.js';
import { GENERATOR } from './index-page.js';

/**
 * Fills a folder that appears whole or not at all: `write` is given one beside it, which then takes its name. An earlier
 * report of that name is replaced; a folder with anything else in it is not touched (`CommandError`).
 */
export async function fillFolder(folder: string, write: (beside: string) => Promise<void>): Promise<void> {
  await assertReplaceable(folder);
  await mkdir(dirname(folder), { recursive: true });
  const beside = await mkdtemp(join(dirname(folder), `.${basename(folder)}.unfinished-`));
  try {
    await write(beside);
    await takeName(beside, folder);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** Two renames: for a moment there is no folder, but never half of one. */
async function takeName(whole: string, folder: string): Promise<void> {
  const earlier = `${whole}.earlier`;
  if (existsSync(folder)) await rename(folder, earlier);
  await rename(whole, folder);
  await rm(earlier, { recursive: true, force: true });
}

async function assertReplaceable(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw new CommandError(`--out ${folder}: ${codeOf(error) ?? String(error)}. Name a folder.`, 78);
  });
  if (names.length === 0) return;
  const strangers = names.filter((name) => name !== 'index.html' && !name.endsWith('.svg'));
  const page = await readFile(join(folder, 'index.html'), 'utf8').catch(() => '');
  if (strangers.length > 0 || !page.includes(GENERATOR))
    throw new CommandError(
      `--out ${folder}: there is something else in it (${strangers[0] ?? names[0] ?? ''}). Name a new folder, or an earlier report's.`,
      78,
    );
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
