import type { JSX } from 'react';
import type { Connection } from '../core/connection.js';
import { zoneName } from '../core/format/zone.js';
import type { Zone } from '../core/format/zone.js';
import { Choice } from './choice.js';
import { Moment } from './moment.js';
import { preferences } from './preferences.js';
import type { Theme } from './preferences.js';
import { useSession } from './session-context.js';
import { useNow } from './use-now.js';
import { useStore } from './use-store.js';

const ZONES: readonly Zone[] = zoneName('local') === 'UTC' ? ['utc'] : ['local', 'utc'];
const THEMES: readonly { readonly value: Theme; readonly text: string }[] = [
  { value: 'auto', text: 'Auto' },
  { value: 'light', text: 'Light' },
  { value: 'dark', text: 'Dark' },
];

export function Head(): JSX.Element {
  const { zone, theme } = useStore(preferences);
  return (
    <header className="head">
      <h1>Financial Analysis Engine</h1>
      <Status />
      <div className="head-tools">
        <Clock />
        <Choice
          label="Time zone"
          options={ZONES.map((value) => ({ value, text: zoneName(value) }))}
          value={ZONES.includes(zone) ? zone : 'utc'}
          onChange={(value) => preferences.update((before) => ({ ...before, zone: value }))}
        />
        <Choice
          label="Colours"
          options={THEMES}
          value={theme}
          onChange={(value) => preferences.update((before) => ({ ...before, theme: value }))}
        />
      </div>
    </header>
  );
}

function Clock(): JSX.Element {
  const now = useNow();
  return (
    <span className="clock">
      <Moment at={new Date(now).toISOString()} />
    </span>
  );
}

const TEXTS: Readonly<Record<Connection['state'], { text: string; tone: string }>> = {
  live: { text: 'Live', tone: 'good' },
  connecting: { text: 'Connecting', tone: 'idle' },
  lost: { text: 'No connection', tone: 'bad' },
  paused: { text: 'Paused', tone: 'warn' },
};

/** Whether what is shown moves, and the switch for who wants it to stand still. */
function Status(): JSX.Element {
  const session = useSession();
  const { state } = useStore(session.connection);
  const { text, tone } = TEXTS[state];
  const isPaused = state === 'paused';
  return (
    <div className="status">
      <span className={`pill ${tone}`} role="status" data-field="connection">
        {text}
      </span>
      <button type="button" onClick={() => (isPaused ? session.resume() : session.pause())}>
        {isPaused ? 'Go on' : 'Pause'}
      </button>
    </div>
  );
}
