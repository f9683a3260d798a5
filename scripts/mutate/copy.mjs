import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const WORKSPACE = '@engine';

/** Copies what git knows of the repository into a folder of its own, with the same packages and its own libraries. */
export function copyRepository(root) {
  const copy = mkdtempSync(join(tmpdir(), 'engine-mutate-'));
  const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  for (const file of tracked.toString().split('\0').filter(isNeeded)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  linkPackages(root, copy);
  return copy;
}

const isNeeded = (file) => /^(libs\/|jest\.preset|tsconfig|package\.json|\.swcrc|scripts\/)/.test(file);

/** The project's own packages are links into the repository: in the copy they must lead into the copy. */
function linkPackages(root, copy) {
  const packages = join(root, 'node_modules');
  mkdirSync(join(copy, 'node_modules', WORKSPACE), { recursive: true });
  for (const name of readdirSync(packages))
    if (name !== WORKSPACE) symlinkSync(join(packages, name), join(copy, 'node_modules', name));
  for (const name of readdirSync(join(copy, 'libs')))
    symlinkSync(join(copy, 'libs', name), join(copy, 'node_modules', WORKSPACE, name));
}
