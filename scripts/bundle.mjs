// Puts an app's compiled modules and the packages they use into a few files: `node scripts/bundle.mjs APP` (after its build).
// An app is a thousand modules otherwise, and finding, reading and linking them is most of the work of its start.
import { rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { sha256Of } from '../apps/cli/dist/up/app-entry.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const app = process.argv[2];
const dir = join(root, 'apps', app, 'bundle/dist');

/** Packages with a binary, which they look for beside themselves, and the one whose modules we reach into. */
const external = ['@duckdb/node-bindings', 'lmdb', /^kafkajs(\/|$)/];

/** What packages can do without is not there, and found missing by them when it is asked for; of ours nothing may be missing. */
function onLog(level, { code, id = '', message }, show) {
  if (code === 'UNRESOLVED_IMPORT' && !id.includes('node_modules')) throw new Error(message);
  if (level === 'warn' && !id.includes('node_modules') && code !== 'UNRESOLVED_IMPORT')
    show(level, { code, message });
}

/** A source with one character beyond Latin-1 takes two bytes of memory for each of its characters, as long as the app runs. */
const inAscii = {
  name: 'in-ascii',
  generateBundle(_options, chunks) {
    for (const chunk of Object.values(chunks))
      if (chunk.type === 'chunk')
        chunk.code = chunk.code.replace(
          /[^\0-\x7f]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
  },
};

const isOurs = (id) => !id.includes('node_modules') && !id.startsWith('\0');

rmSync(dir, { recursive: true, force: true });
const bundle = await rolldown({
  input: join(root, 'apps', app, 'dist/main.js'),
  cwd: root,
  platform: 'node',
  external,
  onLog,
  plugins: [inAscii],
});
const { output } = await bundle.write({
  dir,
  format: 'esm',
  // Classes are called by their names in messages.
  keepNames: true,
  entryFileNames: 'main.js',
  chunkFileNames: '[name]-[hash].js',
});
await bundle.close();
const modules = output
  .flatMap(({ moduleIds = [] }) => moduleIds)
  .filter(isOurs)
  .map((id) => relative(root, id))
  .sort();
writeFileSync(join(dir, 'origin.json'), JSON.stringify({ modules, sha256: sha256Of(modules, root) }));
