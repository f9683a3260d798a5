/** A result as the lake's reader gives it: rows come some at a time, values are JSON-safe. */
export interface Tabular {
  readonly columns: readonly { readonly name: string }[];
  chunks(): AsyncIterable<readonly (readonly unknown[])[]>;
}

type Write = (text: string) => void;
type Formatter = (result: Tabular, write: Write) => Promise<void>;

const asText = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** Needs all rows at once: a column is as wide as its widest cell. */
const table: Formatter = async (result, write) => {
  const cells = [result.columns.map(({ name }) => name)];
  for await (const rows of result.chunks()) for (const row of rows) cells.push(row.map(asText));
  const widths = result.columns.map((_, at) =>
    cells.reduce((width, row) => Math.max(width, row[at]?.length ?? 0), 0),
  );
  cells.splice(
    1,
    0,
    widths.map((width) => '-'.repeat(width)),
  );
  for (const row of cells)
    write(
      `${row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
  const count = cells.length - 2;
  write(`(${count} ${count === 1 ? 'row' : 'rows'})\n`);
};

/** RFC 4180: quoted where a cell needs it, CRLF between the lines. */
const csv: Formatter = async (result, write) => {
  const quote = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const line = (cells: readonly string[]): string => `${cells.map(quote).join(',')}\r\n`;
  write(line(result.columns.map(({ name }) => name)));
  for await (const rows of result.chunks()) write(rows.map((row) => line(row.map(asText))).join(''));
};

/** An array of objects, keyed by column, an object a line. */
const json: Formatter = async (result, write) => {
  const names = result.columns.map(({ name }) => name);
  const object = (row: readonly unknown[]): string =>
    JSON.stringify(Object.fromEntries(names.map((name, at) => [name, row[at]])));
  let before = '[';
  for await (const rows of result.chunks()) {
    for (const row of rows) {
      write(`${before}${object(row)}`);
      before = ',\n';
    }
  }
  write(before === '[' ? '[]\n' : ']\n');
};

/** How `engine sql` can print a result, by the name given to `--format`. */
export const formatters: ReadonlyMap<string, Formatter> = new Map([
  ['table', table],
  ['csv', csv],
  ['json', json],
]);
