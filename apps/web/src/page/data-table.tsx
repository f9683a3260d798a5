import { memo } from 'react';
import type { JSX, Key, ReactNode } from 'react';

export interface Column<Row> {
  readonly header: string;
  /** What the header means, for whoever points at it. */
  readonly hint?: string;
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

interface DataTableProps<Row> {
  readonly caption: string;
  /** The same array as long as it says the same: a row that did not change is not made again. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row, at: number) => Key;
  readonly isCurrent?: (row: Row) => boolean;
}

/** Rows and columns. Scrolls by itself where it is too wide or too long, with the keyboard too. */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  keyOf,
  isCurrent,
}: DataTableProps<Row>): JSX.Element {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={`${caption} (table)`}>
      <table>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ header, hint, isNumber }) => (
              <th key={header} scope="col" title={hint} className={isNumber ? 'number' : undefined}>
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <TableRow
              key={keyOf(row, at)}
              row={row}
              columns={columns}
              isCurrent={isCurrent?.(row) === true}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface TableRowProps<Row> {
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
  readonly isCurrent: boolean;
}

const TableRow = memo(function TableRow<Row>({ row, columns, isCurrent }: TableRowProps<Row>): JSX.Element {
  return (
    <tr className={isCurrent ? 'current' : undefined}>
      {columns.map(({ header, isNumber, cell }) => (
        <td key={header} className={isNumber ? 'number' : undefined}>
          {cell(row)}
        </td>
      ))}
    </tr>
  );
}) as <Row>(props: TableRowProps<Row>) => JSX.Element;
