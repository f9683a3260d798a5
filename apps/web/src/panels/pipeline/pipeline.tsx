import type { JSX } from 'react';
import { decimal } from '../../core/format/figures.js';
import { Panel } from '../../page/panel.js';
import { useSession } from '../../page/session-context.js';
import { useStore } from '../../page/use-store.js';
import { LayerColumn } from './layer-column.js';

/** Bronze, silver and gold, always in this order, whether they run or not. */
export function Pipeline(): JSX.Element {
  const { pipeline } = useSession().market;
  const content = useStore(pipeline.content);
  const report = content.value;
  return (
    <Panel
      name="pipeline"
      title="Pipeline"
      content={content}
      onRetry={pipeline.reload}
      isEmpty={(value) => value === undefined || value.layers.length === 0}
      empty={
        <p>
          No layer has been seen yet. <code>npm start</code> runs them all.
        </p>
      }
      tools={
        report && (
          <p className="summary">
            <span data-field="ticks-per-second">{decimal(report.ticksPerSecond, 1)}</span> ticks/s ·{' '}
            {balanceOf(report.balanced)}
          </p>
        )
      }
    >
      {(value) => (
        <div className="layers">
          {value?.layers.map((layer) => (
            <LayerColumn
              key={layer.layer}
              report={layer}
              lanes={value.items.filter((lane) => lane.layer === layer.layer)}
            />
          ))}
        </div>
      )}
    </Panel>
  );
}

function balanceOf(balanced: boolean | null): string {
  if (balanced === null) return 'nothing to compare yet';
  return balanced ? 'every row accounted for' : 'ROWS ARE MISSING OR TWICE';
}
