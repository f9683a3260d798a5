import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Session } from './live/session.js';
import { App } from './page/app.js';
import { applyTheme } from './page/preferences.js';
import { SessionContext } from './page/session-context.js';
import './styles/index.css';

applyTheme();
const session = new Session();
session.start();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <SessionContext value={session}>
      <App />
    </SessionContext>
  </StrictMode>,
);
