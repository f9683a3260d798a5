import type { Command } from './command.js';
import { exitCodeOf, textOf } from './failure.js';
import { UsageError } from './usage-error.js';

/** Each with what it needs loaded only when it is called: DuckDB, say, is not for `up`, which other processes wait for. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  up: async () => (await import('./commands/up.js')).up,
  ingest: async () => (await import('./commands/ingest.js')).ingest,
  sql: async () => (await import('./commands/sql.js')).sql,
  files: async () => (await import('./commands/files.js')).files,
  report: async () => (await import('./commands/report.js')).report,
  verify: async () => (await import('./commands/verify.js')).verify,
  backfill: async () => (await import('./commands/backfill.js')).backfill,
  doctor: async () => (await import('./commands/doctor.js')).doctor,
  'dead-letters': async () => (await import('./commands/dead-letters.js')).deadLetters,
  lake: async () => (await import('./commands/lake.js')).lake,
};

async function overview(): Promise<string> {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  return [
    'engine <command> [options]',
    '',
    ...all.map((command) => `  ${command.name.padEnd(12)} ${command.summary}`),
    '',
    'Every command takes --data DIR (else DATA_DIR, else ./data/demo) and --help.',
    '',
  ].join('\n');
}

const helpOf = (command: Command): string =>
  [
    `engine ${command.synopsis}`,
    '',
    `  ${command.summary}`,
    '',
    ...[...command.options, '--data DIR       the folder of log and lake'].map((line) => `  ${line}`),
    '',
  ].join('\n');

async function run(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(await overview());
    return name === undefined ? 2 : 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) throw new UsageError(`There is no command "${name}".\n\n${await overview()}`);
  const command = await load();
  if (rest.includes('--help')) {
    process.stdout.write(helpOf(command));
    return 0;
  }
  return command.run(rest);
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`engine: ${textOf(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
