import { once } from 'node:events';
import { resolve } from 'node:path';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';

import { dataFolder, parseArguments } from '../arguments.js';
import type { Command } from '../command.js';
import { SupervisedApp } from '../up/supervised-app.js';
import { CommandError, UsageError } from '../usage-error.js';

export const ingest: Command = {
  name: 'ingest',
  synopsis: 'ingest FILE...',
  summary: "publish files' ticks to stock-ticks, as fast as the log takes them",
  options: ['a file that was ingested before, or in part, is not sent twice: its rows are recognised'],
  run: async (args) => {
    const parsed = parseArguments(args, {});
    if (parsed.positionals.length === 0) throw new UsageError('ingest needs at least one FILE');
    const missing = parsed.positionals.find((file) => !existsSync(file));
    if (missing !== undefined) throw new CommandError(`${missing}: no such file`, 78);
    for (const file of parsed.positionals) await publish(resolve(file), dataFolder(parsed, process.env));
    return 0;
  },
};

/** The producer does the work: the same reading, ids and resuming as for a replayed file. */
async function publish(file: string, dataDir: string): Promise<void> {
  const producer = SupervisedApp.start('producer', '127.0.0.1', 0, {
    ...process.env,
    DATA_DIR: dataDir,
    FEED: 'file',
    FEED_FILE: file,
    FEED_SPEED: 'max',
    FEED_EXIT_AT_END: 'true',
    CONTROL_TOKEN: randomBytes(24).toString('hex'),
  });
  const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(() =>
    producer.stop(),
  );
  const exit = await Promise.race([producer.exited, interrupted]);
  if (exit.code !== 0) {
    throw new CommandError(
      `${file}: the producer ended with exit code ${exit.code ?? String(exit.signal)}`,
      exit.code === 78 ? 78 : 70,
    );
  }
}
