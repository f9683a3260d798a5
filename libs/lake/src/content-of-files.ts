import type { DuckDBConnection } from '@duckdb/node-api';
import { parseSchemaText } from './column-sql.js';
import { addContents } from './content.js';
import { contentSql } from './content-sql.js';
import type { FooterCache } from './footer-cache.js';
import { sqlFiles } from './sql-text.js';

/** Computes the content of segments from their rows, not from what their footers say of it. */
export async function contentOfFiles(
  connection: DuckDBConnection,
  footers: FooterCache,
  paths: readonly string[],
): Promise<string> {
  const contents: string[] = [];
  for (const [schema, some] of await groupBySchema(footers, paths)) {
    const sql = `SELECT ${contentSql(parseSchemaText(schema))} FROM read_parquet(${sqlFiles(some)})`;
    contents.push(String((await connection.runAndReadAll(sql)).getRows()[0]?.[0]));
  }
  return addContents(contents);
}

async function groupBySchema(footers: FooterCache, paths: readonly string[]): Promise<Map<string, string[]>> {
  await footers.preload(paths);
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const { schema } = await footers.footerOf(path);
    groups.set(schema, [...(groups.get(schema) ?? []), path]);
  }
  return groups;
}
