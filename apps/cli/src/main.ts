import type { Command } from './command.js';
import { backfill } from './commands/backfill.js';
import { doctor } from './commands/doctor.js';
import { files } from './commands/files.js';
import { ingest } from './commands/ingest.js';
import { lake } from './commands/lake.js';
import { report } from './commands/report.js';
import { sql } from './commands/sql.js';
import { up } from './commands/up.js';
import { verify } from './commands/verify.js';
import { UsageError } from './usage-error.js';

const commands: readonly Command[] = [up, ingest, sql, files, report, verify, backfill, doctor, lake];

const overview = (): string =>
  [
    'engine <command> [options]',
    '',
    ...commands.map((command) => `  ${command.name.padEnd(8)} ${command.summary}`),
    '',
    'Every command takes --data DIR (else DATA_DIR, else ./data/demo) and --help.',
    '',
  ].join('\n');

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
    process.stdout.write(overview());
    return name === undefined ? 2 : 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) throw new UsageError(`There is no command "${name}".\n\n${overview()}`);
  if (rest.includes('--help')) {
    process.stdout.write(helpOf(command));
    return 0;
  }
  return command.run(rest);
}

function exitCodeOf(error: unknown): number {
  return error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number'
    ? error.exitCode
    : 70;
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const code = exitCodeOf(error);
  // A bug shows its trace; what a user can mend is said in a sentence.
  process.stderr.write(
    `engine: ${error instanceof Error ? (code === 70 ? (error.stack ?? error.message) : error.message) : String(error)}\n`,
  );
  process.exitCode = code;
}
