/** How the page hears of news. Times are ms since the epoch, by the browser's clock. */
export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  /** Since when nothing was heard; the browser tries again by itself. */
  | { readonly state: 'lost'; readonly sinceMs: number }
  /** By the user's wish. */
  | { readonly state: 'paused'; readonly sinceMs: number };

export type ConnectionEvent = 'connect' | 'heard' | 'failed' | 'paused';

/** A stream that says nothing for so long is lost: the pipeline's report alone comes about once a second. */
export const SILENCE_MS = 10_000;

/** The connection after an event. A loss keeps its beginning until something is heard again. */
export function nextConnection(
  connection: Connection,
  event: ConnectionEvent,
  { nowMs, lastHeardMs }: { readonly nowMs: number; readonly lastHeardMs: number | undefined },
): Connection {
  switch (event) {
    case 'connect':
      return connection.state === 'lost' ? connection : { state: 'connecting' };
    case 'heard':
      return connection.state === 'live' ? connection : { state: 'live' };
    case 'failed':
      return connection.state === 'lost' ? connection : { state: 'lost', sinceMs: lastHeardMs ?? nowMs };
    case 'paused':
      return { state: 'paused', sinceMs: nowMs };
  }
}
