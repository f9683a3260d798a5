import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

import { topicNames } from '@engine/contracts';

import { dataFolder, lakeFolder, parseArguments } from '../arguments.js';
import type { Command } from '../command.js';
import { DataFolderLock } from '../up/data-folder-lock.js';
import { CommandError, UsageError } from '../usage-error.js';

export const lake: Command = {
  name: 'lake',
  synopsis: 'lake archive',
  summary: 'move the lake aside; the next start builds a new one from stock-ticks',
  options: ['for after the log was replaced or emptied, or the rules were changed; nothing is deleted'],
  run: (args) => {
    const parsed = parseArguments(args, {});
    if (parsed.positionals.join(' ') !== 'archive') throw new UsageError('lake takes one word: archive');
    const dataDir = dataFolder(parsed, process.env);
    // Nobody may write while the folders move: whoever runs the engine here is named.
    const lock = DataFolderLock.take(dataDir, 'engine lake archive');
    try {
      const places = { lake: lakeFolder(parsed, process.env), log: join(dataDir, 'log') };
      const archived = archive(places, topicNames(process.env['TOPIC_PREFIX']), new Date());
      process.stdout.write(`Moved aside:\n${archived.map((folder) => `  ${folder}\n`).join('')}`);
      process.stdout.write('The next start begins a new lake, from what stock-ticks holds.\n');
      return Promise.resolve(0);
    } finally {
      lock.release();
    }
  },
};

interface Places {
  readonly lake: string;
  /** Of the embedded log. */
  readonly log: string;
}

/**
 * Renames the lake and the topics between the layers to `<folder>.archived-<time>`, and says what they are called now. The topics
 * go with the lake: they hold what the old rules decided, and the new lake must not be made from both. `stock-ticks` stays.
 */
export function archive(
  { lake: folder, log }: Places,
  topics: ReturnType<typeof topicNames>,
  now: Date,
): readonly string[] {
  if (!existsSync(folder)) throw new CommandError(`${folder}: there is no lake to archive`, 78);
  const suffix = `.archived-${now.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  const between = [topics.bronzeTicks, topics.silverTicks, topics.goldUpdates];
  const present = between.filter((topic) => existsSync(join(log, topic)));
  if (present.length > 0) mkdirSync(`${log}${suffix}`);
  for (const topic of present) renameSync(join(log, topic), join(`${log}${suffix}`, topic));
  // Last: where something failed before, the lake is still there and the command can be repeated.
  renameSync(folder, `${folder}${suffix}`);
  return [`${folder}${suffix}`, ...present.map((topic) => join(`${log}${suffix}`, topic))];
}
