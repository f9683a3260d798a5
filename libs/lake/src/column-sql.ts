import type { ColumnType, ColumnTypes } from '@engine/medallion';

/** The DuckDB type of a lake column: times are adjusted to UTC. */
export const sqlType = (type: ColumnType): string => (type === 'TIMESTAMP' ? 'TIMESTAMPTZ' : type);

/** Column names and types as one text, `lane_offset BIGINT, marker TIMESTAMP`: the footer's `schema`. */
export const schemaText = (columns: ColumnTypes): string =>
  Object.entries(columns)
    .map(([name, type]) => `${name} ${type}`)
    .join(', ');

/** The reverse of `schemaText`. */
export const parseSchemaText = (text: string): ColumnTypes =>
  Object.fromEntries(
    text.split(', ').map((column) => {
      const [name = '', type = ''] = column.split(' ');
      return [name, type as ColumnType];
    }),
  );
