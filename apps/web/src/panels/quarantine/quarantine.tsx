import type { QuarantineCount } from '@engine/contracts/api';
import { useState } from 'react';
import type { JSX } from 'react';
import { count } from '../../core/format/figures.js';
import { DataTable } from '../../page/data-table.js';
import { Panel } from '../../page/panel.js';
import { useStore } from '../../page/use-store.js';
import { refusalColumns } from './refusal-columns.js';
import { useQuarantine } from './use-quarantine.js';
import type { RefusalFilter } from './use-quarantine.js';

/** What was refused and why, with what exactly came. */
export function QuarantinePanel(): JSX.Element {
  const [filter, setFilter] = useState<RefusalFilter>({});
  const resource = useQuarantine(filter);
  const content = useStore(resource.content);
  return (
    <Panel
      name="quarantine"
      title="Quarantine"
      content={content}
      onRetry={resource.reload}
      isEmpty={(value) => value === undefined || value.counts.length === 0}
      empty={
        <p>
          Nothing was refused. Records that cannot be read and ticks that are duplicate, late or ahead of the
          clock appear here; they are never dropped.
        </p>
      }
    >
      {(value) => (
        <>
          <Counts counts={value?.counts ?? []} filter={filter} onFilter={setFilter} />
          <DataTable
            caption="Refused records, newest first"
            columns={refusalColumns}
            rows={value?.items ?? []}
            keyOf={({ layer, partition, offset, index }) => `${layer} ${partition} ${offset} ${index}`}
          />
        </>
      )}
    </Panel>
  );
}

interface CountsProps {
  readonly counts: readonly QuarantineCount[];
  readonly filter: RefusalFilter;
  readonly onFilter: (filter: RefusalFilter) => void;
}

/** How many there are of each kind; pressing one shows only these, pressing it again all. */
function Counts({ counts, filter, onFilter }: CountsProps): JSX.Element {
  return (
    <ul className="chips" aria-label="Refused by reason">
      {counts.map(({ layer, reason, rows }) => {
        const isOn = filter.layer === layer && filter.reason === reason;
        return (
          <li key={`${layer} ${reason}`}>
            <button type="button" aria-pressed={isOn} onClick={() => onFilter(isOn ? {} : { layer, reason })}>
              {layer}: {reason.replaceAll('_', ' ')} <strong>{count(rows)}</strong>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
