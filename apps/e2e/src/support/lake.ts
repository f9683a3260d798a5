import { join } from 'node:path';
import { Duck, literal } from './duck.js';
import { lakeTableNames, lakeTables, viewOf } from './lake-tables.js';
import type { LakeTable } from './lake-tables.js';
import { walkTable } from './lake-walk.js';
import type { Segment } from './lake-walk.js';

/**
 * The lake as it is now, one view a table over the exact files of the walk: `lane` and `ordinal` (place in the chain) come
 * before the table's columns, times are µs since the epoch.
 */
export class Lake {
  private constructor(
    readonly duck: Duck,
    readonly folder: string,
    private readonly segmentsByTable: ReadonlyMap<LakeTable, readonly Segment[]>,
  ) {}

  static async open(dataDir: string): Promise<Lake> {
    const duck = await Duck.open();
    const folder = join(dataDir, 'lake');
    const segments = new Map<LakeTable, readonly Segment[]>();
    for (const table of lakeTableNames) {
      const walked = await walkTable(duck, folder, table);
      segments.set(table, walked);
      await duck.run(viewSql(table, walked));
    }
    return new Lake(duck, folder, segments);
  }

  segments(table: LakeTable): readonly Segment[] {
    return this.segmentsByTable.get(table) ?? [];
  }

  close(): void {
    this.duck.close();
  }
}

/** Opens the lake for one piece of work. */
export async function withLake<T>(dataDir: string, work: (lake: Lake) => Promise<T>): Promise<T> {
  const lake = await Lake.open(dataDir);
  try {
    return await work(lake);
  } finally {
    lake.close();
  }
}

function viewSql(table: LakeTable, segments: readonly Segment[]): string {
  const columns = Object.entries(lakeTables[table]);
  if (segments.length === 0) {
    const nothing = columns
      .map(([name, type]) => `NULL::${isTime(type) ? 'BIGINT' : type} AS "${name}"`)
      .join(', ');
    return `CREATE TABLE ${viewOf(table)} AS SELECT NULL::INTEGER AS lane, NULL::BIGINT AS ordinal, ${nothing} LIMIT 0`;
  }
  const files = segments.map(({ file }) => literal(file)).join(', ');
  const values = columns.map(([name, type]) =>
    isTime(type) ? `epoch_us("${name}") AS "${name}"` : `"${name}"`,
  );
  return `CREATE TABLE ${viewOf(table)} AS
    SELECT regexp_extract(filename, 'lane=(\\d+)', 1)::INTEGER AS lane, row_number() OVER () AS ordinal, ${values.join(', ')}
    FROM read_parquet([${files}], hive_partitioning = false, filename = true)`;
}

function isTime(type: string): boolean {
  return type.startsWith('TIMESTAMP');
}
