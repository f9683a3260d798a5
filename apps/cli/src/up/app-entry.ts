import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { AppName } from './plan.js';

/** Beside a bundle: our compiled modules in it, by their paths in the repository, and what they were when it was made. */
export interface BundleOrigin {
  readonly modules: readonly string[];
  readonly sha256: string;
}

const repository = fileURLToPath(new URL('../../../../', import.meta.url));

/**
 * What runs an app: its bundle, which starts in a third of the time, as long as it was made from what is compiled now. Else, as
 * while somebody works on a library and compiles that alone, the compiled modules themselves.
 */
export function entryOf(app: AppName, root = repository): string {
  const bundle = join(root, 'apps', app, 'bundle/dist');
  return isCurrent(bundle, root) ? join(bundle, 'main.js') : join(root, 'apps', app, 'dist/main.js');
}

/** Hashes the modules one after the other. Throws where one is missing. */
export function sha256Of(modules: BundleOrigin['modules'], root: string): string {
  const hash = createHash('sha256');
  for (const module of modules) hash.update(readFileSync(join(root, module)));
  return hash.digest('hex');
}

function isCurrent(bundle: string, root: string): boolean {
  const origin = join(bundle, 'origin.json');
  if (!existsSync(origin)) return false;
  const { modules, sha256 } = JSON.parse(readFileSync(origin, 'utf8')) as BundleOrigin;
  return modules.every((module) => existsSync(join(root, module))) && sha256Of(modules, root) === sha256;
}
