import { useId } from 'react';
import type { JSX, ReactNode } from 'react';
import { panelState } from '../core/panel-state.js';
import type { Content, PanelState } from '../core/panel-state.js';
import { Moment } from './moment.js';
import { useSession } from './session-context.js';
import { useStore } from './use-store.js';

interface PanelProps<T> {
  readonly name: string;
  readonly title: ReactNode;
  readonly content: Content<T>;
  readonly onRetry: () => unknown;
  /** Beside the title. */
  readonly tools?: ReactNode;
  readonly isEmpty?: (value: T) => boolean;
  /** Why there is nothing, and what to do. */
  readonly empty?: ReactNode;
  readonly children: (value: T) => ReactNode;
}

/** A part of the page, in one of five states: loading, ok, empty, stale, error. The last picture stays in the last two. */
export function Panel<T>(props: PanelProps<T>): JSX.Element {
  const { name, title, content, onRetry, tools, isEmpty, empty, children } = props;
  const connection = useStore(useSession().connection);
  const state = panelState(content, connection, isEmpty);
  const titleId = useId();
  const isNothing = content.value === undefined || (isEmpty?.(content.value) ?? false);
  return (
    <section
      className={`panel panel-${name}`}
      aria-labelledby={titleId}
      data-panel={name}
      data-state={state.kind}
    >
      <header className="panel-head">
        <h2 id={titleId}>{title}</h2>
        {tools}
      </header>
      <Sign state={state} onRetry={onRetry} />
      <div className="panel-body">
        {content.value !== undefined && !isNothing && children(content.value)}
        {content.value !== undefined && isNothing && <div className="notice">{empty}</div>}
        {state.kind === 'loading' && <Loading />}
      </div>
    </section>
  );
}

function Loading(): JSX.Element {
  return (
    <div className="notice" role="status">
      <span className="spinner" aria-hidden="true" />
      Loading…
    </div>
  );
}

const REASONS = { lost: ': no connection to the dashboard', paused: '', 'catching up': ': catching up' };

/** What must not be missed: that what is shown is old, or why there is nothing. */
function Sign({
  state,
  onRetry,
}: {
  readonly state: PanelState;
  readonly onRetry: () => unknown;
}): ReactNode {
  if (state.kind === 'error')
    return (
      <div className="sign sign-error" role="alert">
        <span>
          <strong>Error.</strong> {state.message}
        </span>
        <button type="button" onClick={() => void onRetry()}>
          Retry
        </button>
      </div>
    );
  if (state.kind !== 'stale') return null;
  return (
    <div className="sign sign-stale" role="status">
      <span>
        <strong>{state.why === 'paused' ? 'Paused' : 'Stale'}</strong> since{' '}
        <Moment at={new Date(state.sinceMs).toISOString()} />
        {REASONS[state.why]}
      </span>
    </div>
  );
}
