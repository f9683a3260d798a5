import type { Layer, LayerLedger } from '@engine/contracts/api';
import type { JSX } from 'react';
import { count } from '../../core/format/figures.js';

/** What went in and what became of it, as a sum that one can check. */
export function LedgerView({
  layer,
  ledger,
}: {
  readonly layer: Layer;
  readonly ledger: LayerLedger;
}): JSX.Element {
  const refused = Object.entries(ledger.refused);
  return (
    <table className="ledger">
      <caption>Row ledger of the lake</caption>
      <tbody>
        <Line name={layer === 'bronze' ? 'Records in' : 'Accepted by bronze'} rows={ledger.in} />
        <Line name="Accepted" rows={ledger.accepted} />
        {refused.map(([reason, rows]) => (
          <Line key={reason} name={`Refused: ${reason.replaceAll('_', ' ')}`} rows={rows} />
        ))}
        <Line
          name={ledger.inFlight < 0 ? 'Published before the layer above' : 'On their way'}
          rows={Math.abs(ledger.inFlight)}
        />
      </tbody>
      <tfoot>
        <tr>
          <td colSpan={2}>
            <Check ledger={ledger} />
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

function Line({ name, rows }: { readonly name: string; readonly rows: number }): JSX.Element {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="number">{count(rows)}</td>
    </tr>
  );
}

function Check({ ledger }: { readonly ledger: LayerLedger }): JSX.Element {
  const { balanced, checked } = ledger;
  if (balanced === null) return <span className="check">… nothing to compare yet</span>;
  const rest = checked < ledger.in ? `: ${count(checked)} rows compared, the rest is on its way` : '';
  return balanced ? (
    <span className="check good">✓ balances{rest}</span>
  ) : (
    <span className="check bad">✗ does not balance{rest}</span>
  );
}
