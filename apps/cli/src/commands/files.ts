import { tables } from '@engine/medallion';

import { lakeFolder, parseArguments } from '../arguments.js';
import type { Command } from '../command.js';
import { openLake } from '../open-lake.js';
import { UsageError } from '../usage-error.js';

export const files: Command = {
  name: 'files',
  synopsis: 'files LAYER/TABLE',
  summary: "the exact list of a table's files (a glob would not be exact)",
  options: [],
  run: async (args) => {
    const parsed = parseArguments(args, {});
    const [name] = parsed.positionals;
    const table = tables.find((candidate) => candidate.name === name);
    if (table === undefined) {
      throw new UsageError(`files takes one of ${tables.map((known) => known.name).join(', ')}`);
    }
    const reader = await openLake(lakeFolder(parsed, process.env));
    for (const file of reader.files(table.name)) process.stdout.write(`${file}\n`);
    reader.close();
    return 0;
  },
};
