import { existsSync } from 'node:fs';

import { LakeReader } from '@engine/lake';

import { CommandError } from './usage-error.js';

/** Opens a lake that is there. Throws a `CommandError` that names the folder where it is not. */
export async function openLake(folder: string, memoryLimit = '1GB'): Promise<LakeReader> {
  assertLake(folder);
  return LakeReader.open({ folder, memoryLimit, threads: 2 });
}

/** Throws a `CommandError` that names the folder where no lake is. */
export function assertLake(folder: string): void {
  if (!existsSync(folder)) {
    throw new CommandError(
      `${folder}: there is no lake here. Name the folder that the engine ran with: --data DIR`,
      78,
    );
  }
}
