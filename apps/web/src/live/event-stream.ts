import type { StreamEvents } from '@engine/contracts/api';
import { nextConnection, SILENCE_MS } from '../core/connection.js';
import type { Connection, ConnectionEvent } from '../core/connection.js';
import type { Store } from '../core/store.js';

type Handlers = { readonly [Name in keyof StreamEvents]?: (event: StreamEvents[Name]) => void };

const NAMES: readonly (keyof StreamEvents)[] = ['hello', 'gap', 'bar', 'metrics', 'tick', 'pipeline'];
const RETRY_MS = 2_000;

/**
 * Server-sent events, for as long as it is open. The browser connects again by itself and says where it was; where it gives
 * up (an answer that is no stream, or silence on a connection that looks alive), a new connection is made.
 */
export class EventStream {
  #source: EventSource | undefined;
  #watch: number | undefined;
  #lastHeardMs: number | undefined;

  constructor(
    private readonly path: string,
    private readonly connection: Store<Connection>,
    private readonly handlers: Handlers,
  ) {}

  open(): void {
    this.#source?.close();
    this.#tell('connect');
    const source = (this.#source = new EventSource(this.path));
    for (const name of NAMES)
      source.addEventListener(name, ({ data }: MessageEvent<string>) => this.#hear(name, data));
    source.addEventListener('error', () => this.#tell('failed'));
    const openedMs = Date.now();
    window.clearInterval(this.#watch);
    this.#watch = window.setInterval(() => this.#openAgain(source, openedMs), RETRY_MS);
  }

  close(): void {
    window.clearInterval(this.#watch);
    this.#source?.close();
    this.#source = undefined;
  }

  /** What is shown grows old from now on. */
  pause(): void {
    this.close();
    this.#tell('paused');
  }

  /** The page was out of sight and heard nothing. */
  lose(): void {
    this.close();
    this.#tell('failed');
  }

  #hear(name: keyof StreamEvents, data: string): void {
    this.#lastHeardMs = Date.now();
    const handle = this.handlers[name] as ((event: unknown) => void) | undefined;
    handle?.(JSON.parse(data));
    this.#tell('heard');
  }

  #openAgain(source: EventSource, openedMs: number): void {
    const isSilent =
      source.readyState === EventSource.OPEN && Date.now() - (this.#lastHeardMs ?? openedMs) > SILENCE_MS;
    if (source.readyState !== EventSource.CLOSED && !isSilent) return;
    this.#tell('failed');
    this.open();
  }

  #tell(event: ConnectionEvent): void {
    const times = { nowMs: Date.now(), lastHeardMs: this.#lastHeardMs };
    this.connection.update((connection) => nextConnection(connection, event, times));
  }
}
