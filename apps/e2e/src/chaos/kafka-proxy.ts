import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { correlationOfAnswer, correlationOfRequest, framesOf, topicOfProduce } from './kafka-frames.js';
import type { Frame } from './kafka-frames.js';
import type { ArmedFault, ProduceFaults } from './produce-faults.js';

interface Connection {
  readonly client: Socket;
  readonly broker: Socket;
  /** Requests whose answers the client will not see. */
  readonly unanswered: Map<number, ArmedFault>;
}

/** Stands between the clients and a broker: passes everything on, some of it late, and now and then does what a bad network does. */
export class KafkaProxy {
  readonly #connections = new Set<Connection>();
  #target = 0;

  private constructor(
    private readonly server: Server,
    private readonly faults: ProduceFaults,
    private readonly delayMs: () => number,
  ) {
    server.on('connection', (client) => {
      this.#serve(client);
    });
  }

  /** `delayMs`: drawn for every request and every answer. */
  static async listen(faults: ProduceFaults, delayMs: () => number): Promise<KafkaProxy> {
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new KafkaProxy(server, faults, delayMs);
  }

  /** For the broker's `advertisedPort`. */
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** From now on connections lead to this broker. */
  leadTo(brokerAddress: string): void {
    this.#target = Number(brokerAddress.split(':')[1]);
  }

  /** Ends all connections, whatever is under way; resolves to how many. */
  cut(): number {
    const { size } = this.#connections;
    for (const connection of this.#connections) end(connection);
    return size;
  }

  async close(): Promise<void> {
    this.server.close();
    this.cut();
    await once(this.server, 'close');
  }

  #serve(client: Socket): void {
    const broker = connect({ port: this.#target, host: '127.0.0.1', noDelay: true });
    const connection: Connection = { client, broker, unanswered: new Map() };
    this.#connections.add(connection);
    const there = pipeline(client, this.#requests(connection), broker);
    const back = pipeline(broker, this.#answers(connection), client);
    // Either end may go at any moment; then the other one goes, too.
    void Promise.allSettled([there, back]).then(() => {
      end(connection);
      this.#connections.delete(connection);
      // It has not happened to these: the broker never answered.
      this.faults.armAgain(...connection.unanswered.values());
    });
  }

  #requests(connection: Connection): (bytes: AsyncIterable<Buffer>) => AsyncGenerator<Frame> {
    const delayed = this.#delayed.bind(this);
    const spoil = this.#spoil.bind(this);
    return async function* (bytes) {
      for await (const request of delayed(bytes)) if (!spoil(connection, request)) yield request;
    };
  }

  #answers(connection: Connection): (bytes: AsyncIterable<Buffer>) => AsyncGenerator<Frame> {
    const delayed = this.#delayed.bind(this);
    return async function* (bytes) {
      for await (const answer of delayed(bytes)) {
        const correlation = correlationOfAnswer(answer);
        const lost = connection.unanswered.get(correlation);
        if (lost === undefined) {
          yield answer;
          continue;
        }
        connection.unanswered.delete(correlation);
        lost.happened();
        if (lost.fault === 'answer-cut') end(connection);
      }
    };
  }

  async *#delayed(bytes: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
    for await (const frame of framesOf(bytes)) {
      const delayMs = this.delayMs();
      if (delayMs > 0) await pause(delayMs);
      yield frame;
    }
  }

  /** True when the request must not be passed on now. */
  #spoil(connection: Connection, request: Frame): boolean {
    const armed = this.faults.take(topicOfProduce(request));
    if (armed === undefined) return false;
    if (armed.fault === 'late') {
      void this.#sendLate(request).then(armed.happened);
      end(connection);
      return true;
    }
    connection.unanswered.set(correlationOfRequest(request), armed);
    return false;
  }

  /** Resolves when the broker has answered, or is away. */
  async #sendLate(request: Frame): Promise<void> {
    await pause(LATE_MS);
    const socket = connect({ port: this.#target, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    socket.write(request);
    await Promise.race([once(socket, 'data'), once(socket, 'close')]).catch(() => undefined);
    socket.destroy();
  }
}

/** Long enough for a client to come again over another connection, and to be acknowledged. */
const LATE_MS = 2_000;

function end({ client, broker }: Connection): void {
  client.destroy();
  broker.destroy();
}
