// Builds what is stale (nx keeps the rest from its cache), then runs `engine up` with the given options.
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', NX_ISOLATE_PLUGINS: 'false' };
process.stderr.write('Building what is stale; the first time this takes about a minute.\n');
const build = spawnSync('npx', ['nx', 'run-many', '-t', 'build', 'bundle', '--output-style=static'], {
  cwd: root,
  env,
  encoding: 'utf8',
});
if (build.status !== 0) {
  process.stderr.write(
    `${build.stdout ?? ''}${build.stderr ?? ''}\nThe build failed: nothing was started.\n`,
  );
  process.exit(build.status ?? 70);
}
process.argv.splice(2, 0, 'up');
await import('../apps/cli/bin/engine.mjs');
