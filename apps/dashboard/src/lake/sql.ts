import type { TableSchema } from '@engine/medallion';

const quoted = (name: string): string => `"${name}"`;

/** The table's columns, times as µs since the epoch. */
export const columnList = ({ columns }: TableSchema): string =>
  Object.entries(columns)
    .map(([name, type]) =>
      type === 'TIMESTAMP' ? `epoch_us(${quoted(name)}) AS ${quoted(name)}` : quoted(name),
    )
    .join(', ');

/** An instant as SQL. */
export const instant = (timeUs: number): string => {
  if (!Number.isSafeInteger(timeUs)) throw new RangeError(`Not a time in microseconds: ${timeUs}`);
  return `make_timestamptz(${timeUs})`;
};
