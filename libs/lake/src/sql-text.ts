/** A text as an SQL literal. */
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A name as an SQL identifier: `interval`, `start` and their like need the quotes. */
export const sqlName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** What DuckDB would take for a pattern in a path is made literal. */
export const literalPath = (path: string): string => path.replaceAll(/[*?[]/g, '[$&]');

/** Files as an SQL list. */
export const sqlFiles = (paths: readonly string[]): string =>
  `[${paths.map((path) => sqlText(literalPath(path))).join(', ')}]`;
