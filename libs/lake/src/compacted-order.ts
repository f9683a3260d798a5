import type { TableSchema } from '@engine/medallion';
import { sqlName } from './sql-text.js';

interface TableOrder {
  /** How the rows of a compacted segment are sorted: by symbol and event time, and on until no two rows are alike. */
  readonly stored: readonly string[];
  /** The columns that tell in which order the rows were published; none where no column does. */
  readonly published: readonly string[];
}

const ORDERS: Readonly<Record<string, TableOrder>> = {
  'bronze/events': {
    stored: ['symbol', 'event_time', 'record_offset', 'record_index'],
    published: ['record_offset', 'record_index'],
  },
  'silver/ticks': {
    stored: ['symbol', 'event_time', 'lane_offset', 'lane_index'],
    published: ['lane_offset', 'lane_index'],
  },
  'silver/markers': { stored: ['lane_offset'], published: ['lane_offset'] },
  'silver/windows': { stored: ['symbol', 'window_start', 'revision'], published: [] },
  'gold/bars': { stored: ['symbol', 'interval', 'start', 'revision'], published: [] },
  'gold/metrics': { stored: ['symbol', 'as_of', 'ticks'], published: [] },
};

/** What the rows of a compacted segment are sorted by. Throws for a table that is not one of the lake's. */
export const storedOrder = (table: TableSchema): readonly string[] => orderOf(table).stored;

/** The ORDER BY of a compacted segment. Throws for a table that is not one of the lake's. */
export const storedOrderSql = (table: TableSchema): string => orderBy(orderOf(table).stored);

/** The ORDER BY that brings a compacted segment's rows back into the order of the chain; empty where none does. */
export const chainOrderSql = (table: TableSchema): string => orderBy(orderOf(table).published);

function orderOf({ name }: TableSchema): TableOrder {
  const order = ORDERS[name];
  if (order === undefined) throw new RangeError(`${name} is not a table that is compacted`);
  return order;
}

const orderBy = (columns: readonly string[]): string =>
  columns.length === 0 ? '' : ` ORDER BY ${columns.map(sqlName).join(', ')}`;
