import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';

import { messageOf } from './failure.js';
import { UsageError } from './usage-error.js';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Where `engine up` keeps its log and lake unless told otherwise. */
export const DEFAULT_DATA_DIR = './data/demo';

export interface ParsedArguments {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
}

/** Parses a command's arguments; every command takes `--data DIR`. Throws `UsageError`. */
export function parseArguments(args: readonly string[], options: Options): ParsedArguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { data: { type: 'string' }, ...options },
      allowPositionals: true,
    });
    return { values: values, positionals };
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

export function text(parsed: ParsedArguments, name: string): string | undefined {
  const value = parsed.values[name];
  return typeof value === 'string' ? value : undefined;
}

/** `--threads`, else one per processor. Throws `UsageError`. */
export function threadsOf(parsed: ParsedArguments): number {
  const named = text(parsed, 'threads');
  if (named === undefined) return availableParallelism();
  const threads = /^[1-9]\d{0,2}$/.test(named) ? Number(named) : NaN;
  if (Number.isNaN(threads)) throw new UsageError(`--threads ${named}: give a number from 1 to 999`);
  return threads;
}

/** The folder of log and lake: `--data`, else DATA_DIR, else the demo's. */
export function dataFolder(parsed: ParsedArguments, env: NodeJS.ProcessEnv): string {
  const named = text(parsed, 'data') ?? env['DATA_DIR'];
  return resolve(named === undefined || named === '' ? DEFAULT_DATA_DIR : named);
}

/** The lake's folder: LAKE_DIR, else `lake/` in the data folder. */
export function lakeFolder(parsed: ParsedArguments, env: NodeJS.ProcessEnv): string {
  const named = env['LAKE_DIR'];
  return named === undefined || named === '' ? resolve(dataFolder(parsed, env), 'lake') : resolve(named);
}
