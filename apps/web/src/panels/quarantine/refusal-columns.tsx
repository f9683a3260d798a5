import type { RefusedRow } from '@engine/contracts/api';
import type { JSX } from 'react';
import { count, decimal, precisionOf, UNKNOWN } from '../../core/format/figures.js';
import type { Column } from '../../page/data-table.js';
import { Moment } from '../../page/moment.js';

/** More than that is shown on demand. */
const SHORT = 80;

export const refusalColumns: readonly Column<RefusedRow>[] = [
  {
    header: 'Came at',
    cell: ({ recordTime }) => (recordTime === null ? UNKNOWN : <Moment at={recordTime} />),
  },
  { header: 'Layer', cell: ({ layer }) => layer },
  {
    header: 'Reason',
    cell: ({ reason }) => <span className="verdict refused">{reason.replaceAll('_', ' ')}</span>,
  },
  {
    header: 'Record',
    hint: 'Partition, offset and place in the message, in stock-ticks',
    cell: ({ partition, offset, index }) => `${partition} / ${offset} / ${index}`,
  },
  { header: 'Symbol', cell: ({ symbol }) => symbol ?? UNKNOWN },
  {
    header: 'Price',
    isNumber: true,
    cell: ({ price }) => (price === null ? UNKNOWN : decimal(price, precisionOf(price))),
  },
  { header: 'Raw value', cell: (row) => <RawValue row={row} /> },
];

/** As text, whatever it is: it came from outside. */
function RawValue({ row: { raw, rawLength } }: { readonly row: RefusedRow }): JSX.Element {
  if (raw === null) return <span className="muted">tombstone</span>;
  if (raw === '') return <span className="muted">empty</span>;
  if (raw.length <= SHORT) return <code className="raw">{raw}</code>;
  const cut = (rawLength ?? raw.length) - raw.length;
  return (
    <details className="raw">
      <summary>
        <code>{raw.slice(0, SHORT)}…</code>
      </summary>
      <pre tabIndex={0}>
        {raw}
        {cut > 0 ? `\n… and ${count(cut)} characters more` : ''}
      </pre>
    </details>
  );
}
