import type { LaneReport } from '@engine/contracts/api';
import type { JSX } from 'react';
import { count, UNKNOWN } from '../../core/format/figures.js';
import { DataTable } from '../../page/data-table.js';
import type { Column } from '../../page/data-table.js';
import { Moment } from '../../page/moment.js';

const columns: readonly Column<LaneReport>[] = [
  { header: 'Lane', isNumber: true, cell: ({ lane }) => lane },
  {
    header: 'Position',
    hint: 'Rows of all records below it are in the lake',
    isNumber: true,
    cell: ({ position }) => count(position),
  },
  { header: 'Input end', isNumber: true, cell: ({ inputEnd }) => count(inputEnd) },
  {
    header: 'Clock',
    hint: 'The lane’s clock at the last segment',
    isNumber: true,
    cell: ({ watermark }) => (watermark === null ? UNKNOWN : <Moment at={watermark} />),
  },
];

/** A layer's lanes one by one, on demand. */
export function LanesTable({
  layer,
  lanes,
}: {
  readonly layer: string;
  readonly lanes: readonly LaneReport[];
}): JSX.Element {
  return (
    <details>
      <summary>
        {lanes.length} {lanes.length === 1 ? 'lane' : 'lanes'}
      </summary>
      <DataTable
        caption={`Lanes of ${layer}`}
        columns={columns}
        rows={lanes}
        keyOf={({ lane }) => String(lane)}
      />
    </details>
  );
}
