import type { LakeReader } from '@engine/lake';

import { formatters } from '../format.js';
import type { Tabular } from '../format.js';
import { UsageError } from '../usage-error.js';
import { candidatesOf } from './candidate.js';
import { deadLetters, summarize } from './refused-rows.js';
import type { Choice, DeadLetter } from './refused-rows.js';

const LONGEST_SHOWN = 80;
const ROWS_A_CHUNK = 1_000;

const SUMMARY_COLUMNS = ['layer', 'reason', 'rows', 'first', 'last', 'sample'] as const;
const LETTER_COLUMNS = [
  'layer',
  'reason',
  'recordTime',
  'partition',
  'offset',
  'index',
  'symbol',
  'value',
] as const;

/** A line per layer and reason. */
export async function printSummary(reader: LakeReader, choice: Choice, format: string): Promise<void> {
  const show = shownIn(format);
  const rows = (await summarize(reader, choice)).map((row) =>
    SUMMARY_COLUMNS.map((name) => (name === 'sample' ? show(row.sample) : row[name])),
  );
  await print(format, SUMMARY_COLUMNS, [rows]);
}

/** A line per dead letter, each with its own value: of an array the element that was refused. */
export async function printLetters(reader: LakeReader, choice: Choice, format: string): Promise<void> {
  await print(format, LETTER_COLUMNS, letterRows(deadLetters(reader, choice), shownIn(format)));
}

async function* letterRows(
  letters: AsyncIterable<DeadLetter>,
  show: (value: string | null) => string | null,
): AsyncGenerator<readonly (readonly unknown[])[], void> {
  let rows: unknown[][] = [];
  for await (const letter of letters) {
    rows.push(LETTER_COLUMNS.map((name) => (name === 'value' ? show(valueOf(letter)) : letter[name])));
    if (rows.length < ROWS_A_CHUNK) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}

/** As it came, `base64:` before what is not UTF-8; a message that was refused as a whole is shown as one. */
function valueOf(letter: DeadLetter): string | null {
  const candidates = candidatesOf(letter);
  const [only] = candidates;
  const isElement = candidates.length === 1 && letter.record?.raw?.trimStart().startsWith('[') === true;
  return isElement ? (only?.value?.toString('utf8') ?? null) : (letter.record?.raw ?? null);
}

/** For people it is cut, and what a terminal would obey is spelled out: it came from outside. */
function shownIn(format: string): (value: string | null) => string | null {
  if (format !== 'table') return (value) => value;
  return (value) => {
    if (value === null) return null;
    const cut = value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}...` : value;
    return cut.replaceAll(/\p{C}/gu, escaped);
  };
}

const escaped = (char: string): string => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

async function print(
  format: string,
  columns: readonly string[],
  rows: Iterable<readonly (readonly unknown[])[]> | AsyncIterable<readonly (readonly unknown[])[]>,
): Promise<void> {
  const formatter = formatters.get(format);
  if (formatter === undefined) throw new UsageError(`--format ${format}: choose table, csv or json`);
  const result: Tabular = {
    columns: columns.map((name) => ({ name })),
    async *chunks() {
      yield* rows;
    },
  };
  await formatter(result, (part) => process.stdout.write(part));
}
