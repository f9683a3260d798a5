import { silentSinceMs } from './connection.js';
import type { Connection } from './connection.js';

/** What is known of a panel's content. `value` stays when fetching it anew fails. */
export interface Content<T> {
  readonly value: T | undefined;
  /** Why it could not be fetched the last time. */
  readonly error: string | undefined;
  /** News was missed from then on, and what it said has not been fetched yet. ms since the epoch. */
  readonly missedSinceMs?: number | undefined;
}

export type PanelState =
  | { readonly kind: 'loading' | 'ok' | 'empty' }
  | { readonly kind: 'stale'; readonly sinceMs: number; readonly why: 'lost' | 'paused' | 'catching up' }
  | { readonly kind: 'error'; readonly message: string };

/** In which of its five states a panel is: a loss of the connection explains everything else that fails. */
export function panelState<T>(
  { value, error, missedSinceMs }: Content<T>,
  connection: Connection,
  isEmpty: (value: T) => boolean = () => false,
): PanelState {
  if (value === undefined)
    return error === undefined ? { kind: 'loading' } : { kind: 'error', message: error };
  if (connection.state === 'lost' || connection.state === 'paused')
    return { kind: 'stale', sinceMs: connection.sinceMs, why: connection.state };
  if (error !== undefined) return { kind: 'error', message: error };
  const sinceMs = silentSinceMs(connection) ?? missedSinceMs;
  if (sinceMs !== undefined) return { kind: 'stale', sinceMs, why: 'catching up' };
  return { kind: isEmpty(value) ? 'empty' : 'ok' };
}
