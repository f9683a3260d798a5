import { types } from 'node:util';
import { damage } from '../finding.js';
import type { Finding } from '../finding.js';

/** Rows may turn out to be unreadable on the way (or a whole layer was not looked at first): said as any other damage. */
export async function* unlessUnreadable(
  where: string,
  findings: AsyncIterable<Finding>,
): AsyncGenerator<Finding> {
  try {
    yield* findings;
  } catch (error) {
    if (!isReadError(error)) throw error;
    yield damage(where, error.message, 'verify all layers (without --layer): that names the file');
  }
}

/** By its text: the database has no classes for its errors. */
export const isReadError = (error: unknown): error is Error =>
  types.isNativeError(error) &&
  /^(Invalid Input|IO|Serialization|Invalid|Conversion|INTERNAL) Error|zstd|parquet/i.test(error.message);
