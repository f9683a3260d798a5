import { lakeTableNames } from '../support/lake-tables.js';
import type { Lake } from '../support/lake.js';

/** Content hashes are added modulo this. */
const CONTENT_MODULUS = 2n ** 64n;

/** What each table holds in each lane, as rows and their content hash: the same whatever segments it is cut into. */
export function chainContents(lake: Lake): Record<string, string> {
  const sums = new Map<string, bigint>();
  const rows = new Map<string, number>();
  for (const table of lakeTableNames)
    for (const { lane, content, rows: n } of lake.segments(table)) {
      const name = `${table}/lane=${lane}`;
      sums.set(name, ((sums.get(name) ?? 0n) + BigInt(content)) % CONTENT_MODULUS);
      rows.set(name, (rows.get(name) ?? 0) + n);
    }
  const filled = [...sums].filter(([name]) => (rows.get(name) ?? 0) > 0);
  return Object.fromEntries(filled.map(([name, sum]) => [name, `${rows.get(name)} rows, ${sum}`]));
}
