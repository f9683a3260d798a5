import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { correlationOfAnswer, correlationOfRequest, framesOf, topicOfProduce } from './kafka-frames.js';
import type { Frame } from './kafka-frames.js';

/**
 * What becomes of one produce request.
 * - `answer-cut`: it goes through, its answer is swallowed and the connection ends.
 * - `answer-lost`: likewise, but the client goes on waiting.
 * - `late`: the connection ends before it has gone through; it does so after the client has sent it again and gone on.
 */
export type ProduceFault = 'answer-cut' | 'answer-lost' | 'late';

interface Connection {
  readonly client: Socket;
  readonly broker: Socket;
  /** Requests whose answers the client will not see. */
  readonly unanswered: Map<number, ArmedFault>;
}

/** Waits for a produce request to happen to. */
interface ArmedFault {
  readonly topic: string;
  readonly fault: ProduceFault;
  readonly happened: () => void;
}

/** Stands between the clients and a broker: passes everything on, some of it late, and now and then does what a bad network does. */
export class KafkaProxy {
  readonly #connections = new Set<Connection>();
  #armed: ArmedFault[] = [];
  #target = 0;

  private constructor(
    private readonly server: Server,
    private readonly delayMs: () => number,
  ) {
    server.on('connection', (client) => {
      this.#serve(client);
    });
  }

  /** `delayMs`: drawn for every request and every answer. */
  static async listen(delayMs: () => number): Promise<KafkaProxy> {
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new KafkaProxy(server, delayMs);
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

  /** Lets it happen to the next produce request to this topic; resolves when it has. */
  async spoilNextProduce(topic: string, fault: ProduceFault): Promise<void> {
    await new Promise<void>((happened) => this.#armed.push({ topic, fault, happened }));
  }

  async close(): Promise<void> {
    this.#armed = [];
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
      this.#armed.push(...connection.unanswered.values());
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
    const topic = topicOfProduce(request);
    const armed = this.#armed.find((each) => each.topic === topic);
    if (armed === undefined) return false;
    this.#armed = this.#armed.filter((each) => each !== armed);
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
