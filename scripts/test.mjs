// Runs every suite and closes with one line that adds them up: `N passed, N failed, N skipped`.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const counts = `${root}/tmp/test-counts`;

/** The projects that have tests: each must report its counts, or the run is red. */
const projects = ['apps', 'libs'].flatMap((area) =>
  readdirSync(`${root}/${area}`)
    .filter((name) => existsSync(`${root}/${area}/${name}/jest.config.mjs`))
    .map((name) => `${area}-${name}`),
);

rmSync(counts, { recursive: true, force: true });
const nx = ['nx', 'run-many', '-t', 'test', '--skip-nx-cache', '--parallel=2', '--output-style=stream'];
const run = spawnSync('npx', [...nx, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', NX_ISOLATE_PLUGINS: 'false', FORCE_COLOR: '0' },
});

const total = { passed: 0, failed: 0, skipped: 0 };
const partial = process.argv.length > 2;
for (const project of projects) {
  const file = `${counts}/${project}.json`;
  if (!existsSync(file)) {
    if (partial) continue;
    console.log(`${project}: no test result`);
    total.failed += 1;
    continue;
  }
  const result = JSON.parse(readFileSync(file, 'utf8'));
  for (const kind of Object.keys(total)) total[kind] += result[kind];
  // Said again at the end: the suites' own words stand far above, between those of others.
  for (const { file: spec, name, message } of result.failures)
    console.log(`\n${spec}: ${name}\n${message.split('\n').slice(0, 20).join('\n')}`);
}
// A run that failed outside any test (a build, say) must not end in a green line.
if (run.status !== 0 && total.failed === 0) total.failed = 1;
if (process.env.CI && total.skipped > 0) {
  console.log(`${total.skipped} skipped: on CI everything must run, so each counts as failed too`);
  total.failed += total.skipped;
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
