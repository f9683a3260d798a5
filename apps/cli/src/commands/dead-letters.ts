import { messageRefusals, fieldRefusals } from '@engine/medallion';
import type { LakeReader } from '@engine/lake';

import { lakeFolder, parseArguments, text } from '../arguments.js';
import type { ParsedArguments } from '../arguments.js';
import type { Command } from '../command.js';
import { printLetters, printSummary } from '../dead-letters/list.js';
import { replayIntoLog } from '../dead-letters/replay-into-log.js';
import type { Choice } from '../dead-letters/refused-rows.js';
import { openLake } from '../open-lake.js';
import { UsageError } from '../usage-error.js';

const CHOICE = {
  layer: { type: 'string' },
  reason: { type: 'string' },
  symbol: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
} as const;
const LAYERS = ['bronze', 'silver'];
const VERDICTS = ['duplicate', 'late', 'future', 'too_many_symbols'];
const REASONS: readonly string[] = [...messageRefusals, ...fieldRefusals, ...VERDICTS];

export const deadLetters: Command = {
  name: 'dead-letters',
  synopsis: 'dead-letters list|replay',
  summary: 'what was refused, by reason; send it to stock-ticks again once its reason is mended',
  options: [
    'Both take what to look at:',
    '--reason R[,R]   e.g. bad_price, or what silver said: late, duplicate, future, too_many_symbols',
    '--layer L        bronze (no valid tick) or silver (a tick, not accepted)',
    '--symbol S       as far as it could be read',
    '--since T, --until T   when the record came: ISO-8601 with a zone, --until excluded',
    '',
    'list             rows, first, last and a sample of each reason',
    '--rows           each of them instead, with its value: to edit it elsewhere and `engine ingest` it',
    '--format table|csv|json   (default table)',
    '',
    'replay           needs at least one of the above. May run beside the engine, and again: a tick that was',
    '                 accepted meanwhile is a duplicate, by its id or by one that replay gives it',
    '--dry-run        say what would be sent',
    '--force          send also what would be refused again by the settings given here',
    'exit code 1      where there was something to send, and nothing of it can help',
    '',
  ],
  run: async (args) => {
    const parsed = parseArguments(args, {
      ...CHOICE,
      format: { type: 'string' },
      rows: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
      force: { type: 'boolean' },
    });
    const run = parsed.positionals.length === 1 ? actions.get(parsed.positionals[0] ?? '') : undefined;
    if (run === undefined) throw new UsageError('dead-letters takes one word: list or replay');
    const choice = choiceOf(parsed);
    return run(choice, parsed);
  },
};

type Action = (choice: Choice, parsed: ParsedArguments) => Promise<number>;

const list: Action = async (choice, parsed) => {
  refuse(parsed, ['dry-run', 'force'], 'list');
  const format = text(parsed, 'format') ?? 'table';
  return withLake(parsed, async (reader) => {
    await (parsed.values['rows'] === true ? printLetters : printSummary)(reader, choice, format);
    return 0;
  });
};

const replay: Action = async (choice, parsed) => {
  refuse(parsed, ['format', 'rows'], 'replay');
  if (Object.values(choice).every((value) => value === undefined))
    throw new UsageError(
      'replay needs to know what: give --reason R (`engine dead-letters list` shows which there are)',
    );
  const how = { dryRun: parsed.values['dry-run'] === true, force: parsed.values['force'] === true };
  return withLake(parsed, (reader) => replayIntoLog(reader, choice, { ...how, parsed }));
};

const actions: ReadonlyMap<string, Action> = new Map([
  ['list', list],
  ['replay', replay],
]);

async function withLake(
  parsed: ParsedArguments,
  work: (reader: LakeReader) => Promise<number>,
): Promise<number> {
  const reader = await openLake(lakeFolder(parsed, process.env));
  try {
    return await work(reader);
  } finally {
    reader.close();
  }
}

function refuse(parsed: ParsedArguments, options: readonly string[], action: string): void {
  const wrong = options.find((name) => parsed.values[name] !== undefined);
  if (wrong !== undefined)
    throw new UsageError(`--${wrong} says nothing to dead-letters ${action}: leave it out`);
}

function choiceOf(parsed: ParsedArguments): Choice {
  return {
    layer: oneOf(LAYERS, 'layer', text(parsed, 'layer')),
    reasons: text(parsed, 'reason')
      ?.split(',')
      .map((reason) => oneOf(REASONS, 'reason', reason.trim()) ?? ''),
    symbol: text(parsed, 'symbol'),
    since: instant('since', text(parsed, 'since')),
    until: instant('until', text(parsed, 'until')),
  };
}

function oneOf(known: readonly string[], option: string, value: string | undefined): string | undefined {
  if (value === undefined || known.includes(value)) return value;
  throw new UsageError(`--${option} ${value}: choose one of ${known.join(', ')}`);
}

function instant(option: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  // Without a zone nobody knows which time is meant.
  const isZoned = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$/.test(value);
  if (isZoned && !Number.isNaN(Date.parse(value))) return value;
  throw new UsageError(`--${option} ${value}: give a time like 2024-03-01T09:30:00Z`);
}
