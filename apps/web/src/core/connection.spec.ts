import { nextConnection } from './connection.js';
import type { Connection, ConnectionEvent } from './connection.js';

/** The states a connection goes through; an event a second, from second 1 on. */
function after(events: readonly ConnectionEvent[]): Connection {
  let connection: Connection = { state: 'connecting' };
  let lastHeardMs: number | undefined;
  for (const [at, event] of events.entries()) {
    const nowMs = (at + 1) * 1_000;
    connection = nextConnection(connection, event, { nowMs, lastHeardMs });
    if (event === 'heard') lastHeardMs = nowMs;
  }
  return connection;
}

describe('the connection', () => {
  it('is live once something was heard', () => {
    expect(after(['connect'])).toEqual({ state: 'connecting' });
    expect(after(['connect', 'heard', 'heard'])).toEqual({ state: 'live' });
  });

  it('is lost since the last that was heard, however often it is tried again', () => {
    expect(after(['connect', 'heard', 'failed'])).toEqual({ state: 'lost', sinceMs: 2_000 });
    expect(after(['connect', 'heard', 'failed', 'connect', 'failed', 'connect'])).toEqual({
      state: 'lost',
      sinceMs: 2_000,
    });
  });

  it('that never was is lost since the first failure', () => {
    expect(after(['connect', 'failed', 'failed'])).toEqual({ state: 'lost', sinceMs: 2_000 });
  });

  it('is live again after a loss, and the next loss has its own beginning', () => {
    expect(after(['heard', 'failed', 'connect', 'heard'])).toEqual({ state: 'live' });
    expect(after(['heard', 'failed', 'connect', 'heard', 'failed'])).toEqual({
      state: 'lost',
      sinceMs: 4_000,
    });
  });

  it('is paused when the user says so, and connects when he goes on', () => {
    expect(after(['heard', 'paused'])).toEqual({ state: 'paused', sinceMs: 2_000 });
    expect(after(['heard', 'paused', 'connect'])).toEqual({ state: 'connecting', sinceMs: 2_000 });
    expect(after(['heard', 'paused', 'connect', 'connect'])).toEqual({ state: 'connecting', sinceMs: 2_000 });
    expect(after(['heard', 'paused', 'connect', 'heard'])).toEqual({ state: 'live' });
  });
});
