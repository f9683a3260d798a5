import { UserSqlError } from '@engine/lake';

import { lakeFolder, parseArguments, text } from '../arguments.js';
import type { Command } from '../command.js';
import { formatters } from '../format.js';
import { openLake } from '../open-lake.js';
import { CommandError, UsageError } from '../usage-error.js';

export const sql: Command = {
  name: 'sql',
  synopsis: 'sql "SELECT ..."',
  summary:
    'one SELECT over bronze_events, silver_ticks, silver_markers, silver_windows, gold_bars, gold_bars_current, gold_metrics',
  options: ['--format table|csv|json   (default table)'],
  run: async (args) => {
    const parsed = parseArguments(args, { format: { type: 'string' } });
    const [statement] = parsed.positionals;
    if (statement === undefined || parsed.positionals.length > 1)
      throw new UsageError('sql takes one statement, in quotes');
    const format = formatters.get(text(parsed, 'format') ?? 'table');
    if (format === undefined)
      throw new UsageError(`--format ${text(parsed, 'format') ?? ''}: choose table, csv or json`);
    const reader = await openLake(lakeFolder(parsed, process.env));
    try {
      await format(await reader.runUserSelect(statement), (part) => process.stdout.write(part));
      return 0;
    } catch (error) {
      throw error instanceof UserSqlError ? new CommandError(error.message, 1) : error;
    } finally {
      reader.close();
    }
  },
};
