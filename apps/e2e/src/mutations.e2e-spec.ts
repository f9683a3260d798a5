import { spawnSync } from 'node:child_process';
import { repositoryRoot } from './support/repository.js';

it('every protection that scripts/mutate takes away is where it looks for it', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/mutate/mutate.mjs', '--check'], {
    cwd: repositoryRoot,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(Number(/^(\d+) protections/.exec(stdout)?.[1])).toBeGreaterThanOrEqual(10);
});
