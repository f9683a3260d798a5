/** How the page hears of news. Times are ms since the epoch, by the browser's clock. */
export type Connection =
  /** After a pause: since when nothing was heard. */
  | { readonly state: 'connecting'; readonly sinceMs?: number }
  | { readonly state: 'live' }
  /** Since when nothing was heard; the browser tries again by itself. */
  | { readonly state: 'lost'; readonly sinceMs: number }
  /** By the user's wish. */
  | { readonly state: 'paused'; readonly sinceMs: number };

export type ConnectionEvent = 'connect' | 'heard' | 'failed' | 'paused';

/** A stream that says nothing for so long is lost: the pipeline's report alone comes about once a second. */
export const SILENCE_MS = 10_000;

/** Since when nothing was heard; undefined: something was a moment ago, or nothing ever. */
export const silentSinceMs = (connection: Connection): number | undefined =>
  'sinceMs' in connection ? connection.sinceMs : undefined;

/** The connection after an event. A loss keeps its beginning until something is heard again. */
export function nextConnection(
  connection: Connection,
  event: ConnectionEvent,
  { nowMs, lastHeardMs }: { readonly nowMs: number; readonly lastHeardMs: number | undefined },
): Connection {
  switch (event) {
    case 'connect':
      if (connection.state === 'paused') return { state: 'connecting', sinceMs: connection.sinceMs };
      return silentSinceMs(connection) === undefined ? { state: 'connecting' } : connection;
    case 'heard':
      return connection.state === 'live' ? connection : { state: 'live' };
    case 'failed':
      return connection.state === 'lost' ? connection : { state: 'lost', sinceMs: lastHeardMs ?? nowMs };
    case 'paused':
      return { state: 'paused', sinceMs: nowMs };
  }
}
