import type { LaneReport, Layer, LayerReport, LayerState } from '@engine/contracts/api';
import type { JSX } from 'react';
import { count, decimal, UNKNOWN } from '../../core/format/figures.js';
import { milliseconds, seconds } from '../../core/format/duration.js';
import { LanesTable } from './lanes-table.js';
import { LedgerView } from './ledger-view.js';

const TITLES: Readonly<Record<Layer, { name: string; purpose: string }>> = {
  bronze: { name: 'Bronze', purpose: 'keeps every record as it came' },
  silver: { name: 'Silver', purpose: 'judges ticks, adds features' },
  gold: { name: 'Gold', purpose: 'makes bars and metrics' },
};

const STATES: Readonly<Record<LayerState, { text: string; tone: string }>> = {
  current: { text: 'Current', tone: 'good' },
  waiting: { text: 'Waiting', tone: 'idle' },
  behind: { text: 'Behind', tone: 'warn' },
  stalled: { text: 'Stalled', tone: 'bad' },
};

interface LayerColumnProps {
  readonly report: LayerReport;
  readonly lanes: readonly LaneReport[];
}

export function LayerColumn({ report, lanes }: LayerColumnProps): JSX.Element {
  const { name, purpose } = TITLES[report.layer];
  const { text, tone } = STATES[report.state];
  return (
    <article className="layer" data-layer={report.layer}>
      <header>
        <h3>{name}</h3>
        <span className={`pill ${tone}`} data-field="state">
          {text}
        </span>
        <p className="purpose">{purpose}</p>
      </header>
      <p className="reason">{report.reason}</p>
      <dl className="figures">
        <Figure name="Records/s" value={decimal(report.recordsPerSecond, 1)} />
        <Figure name="Lag" value={records(report.pending)} />
        <Figure name="Lag in time" value={seconds(report.lagSeconds)} />
        <Figure name="Not in the lake" value={records(report.lag)} />
        <Figure name="Latency p50" value={report.latency ? milliseconds(report.latency.p50Ms) : UNKNOWN} />
        <Figure name="Latency p99" value={report.latency ? milliseconds(report.latency.p99Ms) : UNKNOWN} />
      </dl>
      {report.ledger && <LedgerView layer={report.layer} ledger={report.ledger} />}
      <LanesTable layer={name} lanes={lanes} />
    </article>
  );
}

const records = (rows: number): string => `${count(rows)} ${rows === 1 ? 'record' : 'records'}`;

function Figure({ name, value }: { readonly name: string; readonly value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
