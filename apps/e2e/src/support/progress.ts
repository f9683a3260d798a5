import { join } from 'node:path';
import { Duck } from './duck.js';
import type { EngineProcess } from './engine.js';
import { walkTable } from './lake-walk.js';
import type { LakeTable } from './lake-tables.js';
import { until } from './until.js';

/** Rows of a table that are published by now. */
export async function publishedRows(duck: Duck, dataDir: string, table: LakeTable): Promise<number> {
  const segments = await walkTable(duck, join(dataDir, 'lake'), table);
  return segments.reduce((sum, { rows }) => sum + rows, 0);
}

/** Waits until a table has grown by `rows`, so that what comes next hits work. Throws when the engine ended before. */
export async function untilGrown(
  engine: EngineProcess,
  dataDir: string,
  growth: { readonly table: LakeTable; readonly rows: number },
): Promise<void> {
  const duck = await Duck.open();
  try {
    const before = await publishedRows(duck, dataDir, growth.table);
    await until(`${growth.table} has grown by ${growth.rows} rows`, async () => {
      if (engine.hasExited) throw new Error(`The engine ended by itself: ${engine.complaint}`);
      return (await publishedRows(duck, dataDir, growth.table)) >= before + growth.rows;
    });
  } finally {
    duck.close();
  }
}
