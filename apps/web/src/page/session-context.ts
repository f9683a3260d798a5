import { createContext, use } from 'react';
import type { Session } from '../live/session.js';

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = use(SessionContext);
  if (session === undefined) throw new Error('useSession: there is no SessionContext above this component');
  return session;
}
