import { Server } from '@nestjs/microservices';
import type { CustomTransportStrategy, MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { ConsumerOptions, LaneListener, Log, LogBatch, LogConsumer } from '../ports.js';
import { LANE_TRANSPORT } from './lane-handler.decorator.js';
import { DuplicateHandlerError, MissingHandlerError, UnknownLaneError } from './lane-server.errors.js';

/** What the app does when lanes come and go; the batches in between go to the method marked `@LaneHandler`. */
export type LaneLifecycle = Pick<LaneListener, 'assigned' | 'passed' | 'revoked'>;

export interface LaneBinding {
  /** How to consume, with the real name of the topic (prefix included). */
  readonly options: ConsumerOptions;
  readonly lifecycle: LaneLifecycle;
}

export interface LaneServerOptions {
  readonly log: Pick<Log, 'createConsumer'>;
  /** By the name that `@LaneHandler` has. */
  readonly lanes: Readonly<Record<string, LaneBinding>>;
}

/**
 * Nest's transport over a log: a consumer per handled topic, whose batches go to the method marked for it, one at a
 * time per lane, errors and all.
 */
export class LaneServer extends Server implements CustomTransportStrategy {
  override readonly transportId = LANE_TRANSPORT;
  /** Nest need not report a handler's error: it ends the consumer, and `ended` tells. */
  override readonly propagatesEventHandlerErrors = true;
  /** Rejects with the error that ended one of the consumers, resolves after `close`. */
  readonly ended: Promise<void>;
  /** By the name that `@LaneHandler` has. */
  readonly #consumers = new Map<string, LogConsumer>();
  #isClosed = false;
  #end!: { resolve: () => void; reject: (reason: unknown) => void };

  constructor(private readonly options: LaneServerOptions) {
    super();
    this.ended = new Promise((resolve, reject) => {
      this.#end = { resolve, reject };
    });
    this.ended.catch(() => undefined);
  }

  override addHandler(pattern: unknown, callback: MessageHandler, isEventHandler?: boolean): void {
    const topic = String(pattern);
    if (this.messageHandlers.has(topic)) throw new DuplicateHandlerError(topic);
    if (!this.#binding(topic)) throw new UnknownLaneError(topic);
    super.addHandler(topic, callback, isEventHandler);
  }

  /** Starts the consumers, and calls back when each has its first lanes, or with the error that prevented it. None after `close`. */
  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      const handlers = this.#isClosed ? [] : this.#handlers();
      await Promise.all(handlers.map(([topic, handler]) => this.#consume(topic, handler)));
    } catch (error) {
      this.#end.reject(error);
      await this.#stop();
      callback(error);
      return;
    }
    callback();
  }

  /** Stops the consumers after their batches at hand. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#stop();
    this.#end.resolve();
  }

  /** See `LogConsumer.reportPosition`; `topic` is the name that `@LaneHandler` has. */
  reportPosition(topic: string, partition: number, offset: number): Promise<void> {
    return this.#consumers.get(topic)?.reportPosition(partition, offset) ?? Promise.resolve();
  }

  /** The consumers tell nothing but their end: see `ended`. */
  on(): never {
    throw new Error('LaneServer has no events; wait for its `ended`');
  }

  unwrap(): never {
    throw new Error('LaneServer has no server of its own; use the log');
  }

  async #stop(): Promise<void> {
    await Promise.all([...this.#consumers.values()].map((consumer) => consumer.stop()));
  }

  #handlers(): readonly [string, MessageHandler][] {
    return Object.keys(this.options.lanes).map((topic) => {
      const handler = this.messageHandlers.get(topic);
      if (!handler) throw new MissingHandlerError(topic);
      return [topic, handler];
    });
  }

  async #consume(topic: string, handler: MessageHandler): Promise<void> {
    const { options, lifecycle } = this.#binding(topic)!;
    const consumer = this.options.log.createConsumer(options);
    this.#consumers.set(topic, consumer);
    consumer.ended.catch(this.#end.reject);
    await consumer.start({
      assigned: (partitions, failed) => lifecycle.assigned(partitions, failed),
      passed: (partition, offset) => lifecycle.passed?.(partition, offset),
      revoked: (partitions) => lifecycle.revoked(partitions),
      batch: (batch) => dispatch(handler, batch),
    });
    const order = options.order ?? 'partition';
    this.logger.log(
      `${options.topic} → @LaneHandler('${topic}'), group ${options.group ?? '-'}, order ${order}`,
    );
  }

  #binding(topic: string): LaneBinding | undefined {
    return Object.hasOwn(this.options.lanes, topic) ? this.options.lanes[topic] : undefined;
  }
}

/** Waits for the handler, and for the Observable that Nest makes of what it returns. */
async function dispatch(handler: MessageHandler, batch: LogBatch): Promise<void> {
  const result: unknown = await handler(batch);
  if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
}
