import * as net from 'node:net';
import type { Socket } from 'node:net';
import * as tls from 'node:tls';
import type { KafkaConfig } from 'kafkajs';
import { isConnectionSpoilt, toLogError } from './kafka-error.js';
import { createCluster } from './kafkajs-internals.js';
import type { Cluster, SocketFactoryOptions } from './kafkajs-internals.js';
import { retrying } from './retrying.js';

const keepAliveMs = 60_000;

/**
 * A way to the brokers. After a failure its connections are thrown away and the next call makes new ones: what kafkajs
 * remembers of leaders and coordinators is then as new as the brokers themselves.
 */
export class KafkaConnection {
  #opening: Promise<Cluster> | undefined;
  readonly #sockets = new Set<Socket>();
  #isClosed = false;

  constructor(private readonly options: KafkaConfig) {}

  /** As `use`, but tries again what may pass: only for what may be done twice. */
  read<T>(what: string, call: (cluster: Cluster) => Promise<T>): Promise<T> {
    return retrying(() => this.use(what, call));
  }

  /** Throws errors of the log's own. `what`: what is attempted, for them. */
  async use<T>(what: string, call: (cluster: Cluster) => Promise<T>): Promise<T> {
    const opening = this.#open();
    try {
      return await call(await opening);
    } catch (error) {
      if (this.#opening === opening && isConnectionSpoilt(error)) this.#discard();
      throw toLogError(what, error);
    }
  }

  /** Breaks off what is under way. */
  close(): void {
    this.#isClosed = true;
    this.#discard();
  }

  #open(): Promise<Cluster> {
    if (this.#isClosed) return Promise.reject(new Error('The log is closed'));
    return (this.#opening ??= this.#connect());
  }

  async #connect(): Promise<Cluster> {
    const cluster = createCluster(this.options, (options) => this.#socket(options));
    await cluster.connect();
    return cluster;
  }

  #discard(): void {
    this.#opening = undefined;
    // kafkajs would wait for the requests at hand, and hears of an end only when it comes as an error.
    for (const socket of this.#sockets) socket.destroy(new Error('The connection was given up'));
    this.#sockets.clear();
  }

  #socket({ host, port, ssl, onConnect }: SocketFactoryOptions): Socket {
    const servername = net.isIP(host) === 0 ? { servername: host } : {};
    const socket = ssl
      ? tls.connect({ host, port, ...servername, ...(ssl as tls.ConnectionOptions) }, onConnect)
      : net.connect({ host, port }, onConnect);
    socket.setKeepAlive(true, keepAliveMs);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    return socket;
  }
}
