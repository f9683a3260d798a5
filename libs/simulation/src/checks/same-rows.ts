import { differences } from '@engine/oracle';
import type { Comparison, Row } from '@engine/oracle';

import { ViolationError } from '../machine/world.js';

/** Throws a violation of the invariant that names the first rows that differ. */
export function checkSameRows(
  invariant: string,
  actual: readonly Row[],
  expected: readonly Row[],
  columns: Comparison,
): void {
  const found = differences(actual, expected, columns);
  if (found.length > 0) throw new ViolationError(invariant, found.join('\n'));
}
