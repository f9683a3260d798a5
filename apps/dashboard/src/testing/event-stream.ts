import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';

export interface StreamedEvent {
  readonly name: string;
  readonly data: Record<string, unknown>;
  /** The id in force behind it. */
  readonly id: string;
}

/** A client of server-sent events, as the HTML standard describes one. */
export class EventStream {
  readonly #events: StreamedEvent[] = [];
  readonly #waiting = new Set<() => void>();
  #rest = '';
  #id = '';

  private constructor(private readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      this.#read(text);
    });
    response.on('error', () => undefined);
  }

  static async open(url: string, lastId?: string): Promise<EventStream> {
    const headers = lastId === undefined ? {} : { 'Last-Event-ID': lastId };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(url, { headers }, resolve).on('error', reject).end();
    });
    if (response.statusCode !== 200) throw new Error(`${url}: ${String(response.statusCode)}`);
    return new EventStream(response);
  }

  get contentType(): string | undefined {
    return this.response.headers['content-type'];
  }

  /** All that came so far. */
  get events(): readonly StreamedEvent[] {
    return this.#events;
  }

  get lastId(): string {
    return this.#id;
  }

  /** Resolves with the first event of which `isWanted` holds, whenever it comes or came. */
  async next(isWanted: (event: StreamedEvent) => boolean): Promise<StreamedEvent> {
    for (;;) {
      const found = this.#events.find(isWanted);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Resolves when the other end has ended it. */
  get closed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.response.closed) resolve();
      else this.response.on('close', resolve);
    });
  }

  close(): void {
    this.response.destroy();
  }

  #read(text: string): void {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) this.#dispatch(block);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  #dispatch(block: string): void {
    const fields = new Map(
      block
        .split('\n')
        .filter((line) => !line.startsWith(':'))
        .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const),
    );
    this.#id = fields.get('id') ?? this.#id;
    const data = fields.get('data');
    if (data === undefined) return;
    this.#events.push({
      name: fields.get('event') ?? 'message',
      data: JSON.parse(data) as Record<string, unknown>,
      id: this.#id,
    });
  }
}
