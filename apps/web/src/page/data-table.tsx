import type { JSX, ReactNode } from 'react';

export interface Column<Row> {
  readonly header: string;
  /** What the header means, for whoever points at it. */
  readonly hint?: string;
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

interface DataTableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
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
          {rows.map((row) => (
            <tr key={keyOf(row)} className={isCurrent?.(row) ? 'current' : undefined}>
              {columns.map(({ header, isNumber, cell }) => (
                <td key={header} className={isNumber ? 'number' : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
