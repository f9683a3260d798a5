import { useEffect } from 'react';
import type { JSX } from 'react';
import { tokenWanted } from '../live/resource.js';
import { ChartPanel } from '../panels/chart/chart-panel.js';
import { GoldTable } from '../panels/gold/gold-table.js';
import { Pipeline } from '../panels/pipeline/pipeline.js';
import { QuarantinePanel } from '../panels/quarantine/quarantine.js';
import { LastTicks } from '../panels/ticks/last-ticks.js';
import { WatchList } from '../panels/watch-list/watch-list.js';
import { selection } from './address.js';
import { Head } from './head.js';
import { Panel } from './panel.js';
import { useSession } from './session-context.js';
import { useStore } from './use-store.js';

export function App(): JSX.Element {
  useSelectedInstrument();
  const instrument = useStore(useSession().instrument);
  return (
    <>
      <a className="skip" href="#main">
        Skip to the prices
      </a>
      <Head />
      {useStore(tokenWanted) && <LogIn />}
      <main id="main" tabIndex={-1}>
        <WatchList />
        {instrument === undefined ? (
          <NoInstrument name="chart" title="Chart" />
        ) : (
          <ChartPanel instrument={instrument} />
        )}
        <Pipeline />
        <GoldTable />
        {instrument === undefined ? (
          <NoInstrument name="ticks" title="Last ticks" />
        ) : (
          <LastTicks instrument={instrument} />
        )}
        <QuarantinePanel />
      </main>
      <footer className="foot">
        <a href="/api/openapi.json">API description</a>
      </footer>
    </>
  );
}

/** Shows what the address names, else the first symbol there is. */
function useSelectedInstrument(): void {
  const session = useSession();
  const { symbol, interval } = useStore(selection);
  const first = useStore(session.market.quotes.content).value?.keys().next().value;
  const shown = symbol ?? first;
  useEffect(() => {
    if (shown !== undefined) session.select(shown, interval);
  }, [session, shown, interval]);
}

/** The place of a panel that waits for the first symbol. */
function NoInstrument({ name, title }: { readonly name: string; readonly title: string }): JSX.Element {
  const { quotes } = useSession().market;
  const content = useStore(quotes.content);
  return (
    <Panel
      name={name}
      title={title}
      content={content}
      onRetry={quotes.reload}
      isEmpty={() => true}
      empty={<p>There is no symbol to show yet: it appears with the first tick.</p>}
    >
      {() => null}
    </Panel>
  );
}

function LogIn(): JSX.Element {
  return (
    <p className="sign sign-error" role="alert">
      The dashboard wants its token. <a href="/">Log in</a>
    </p>
  );
}
