/**
 * The parts of kafkajs 2.2.4 that its public interface does not offer: requests to a broker of one's own choice. Why they
 * are used is in docs/adr/0008; `kafkajs-internals.spec.ts` notices when another version has others.
 */
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { KafkaConfig } from 'kafkajs';

const require = createRequire(import.meta.url);

/** A record as kafkajs decodes it; 64-bit numbers are texts. */
export interface DecodedRecord {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | Buffer[] | null>>;
  /** A mark of a transaction, which no application has written. */
  readonly isControlRecord: boolean;
}

export interface FetchedPartition {
  readonly partition: number;
  readonly highWatermark: string;
  readonly abortedTransactions: readonly unknown[];
  readonly messages: readonly DecodedRecord[];
}

export interface FetchRequest {
  readonly isolationLevel: number;
  readonly maxWaitTime: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly fetchOffset: string;
      readonly maxBytes: number;
    }[];
  }[];
}

export interface JoinedGroup {
  readonly generationId: number;
  readonly leaderId: string;
  readonly memberId: string;
  /** Of all members, for the leader only. */
  readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[];
}

/** A request that kafkajs does not know. */
export interface OwnRequest<T> {
  readonly request: {
    readonly apiKey: number;
    readonly apiVersion: number;
    readonly apiName: string;
    encode(): Promise<Encoder>;
  };
  readonly response: { decode(raw: Buffer): Promise<T>; parse(answer: T): Promise<T> };
}

export interface Broker {
  readonly nodeId: string;
  readonly versions: Readonly<Record<number, { readonly minVersion: number; readonly maxVersion: number }>>;
  readonly connectionPool: { send<T>(request: OwnRequest<T>): Promise<T> };
  fetch(
    request: FetchRequest,
  ): Promise<{ readonly responses: readonly { readonly partitions: readonly FetchedPartition[] }[] }>;
  joinGroup(request: {
    readonly groupId: string;
    readonly sessionTimeout: number;
    readonly rebalanceTimeout: number;
    readonly memberId: string;
    readonly groupProtocols: readonly { readonly name: string; readonly metadata: Buffer }[];
  }): Promise<JoinedGroup>;
  syncGroup(request: {
    readonly groupId: string;
    readonly generationId: number;
    readonly memberId: string;
    readonly groupAssignment: readonly { readonly memberId: string; readonly memberAssignment: Buffer }[];
  }): Promise<{ readonly memberAssignment: Buffer }>;
  heartbeat(request: {
    readonly groupId: string;
    readonly groupGenerationId: number;
    readonly memberId: string;
  }): Promise<unknown>;
  /** Rejects with the first partition's refusal. */
  offsetCommit(request: {
    readonly groupId: string;
    readonly groupGenerationId: number;
    readonly memberId: string;
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly {
        readonly partition: number;
        readonly offset: string;
        readonly metadata: string;
      }[];
    }[];
  }): Promise<unknown>;
  leaveGroup(request: { readonly groupId: string; readonly memberId: string }): Promise<unknown>;
}

export interface Cluster {
  readonly brokerPool: { findConnectedBroker(): Promise<Broker> };
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  refreshMetadata(): Promise<void>;
  findBroker(at: { readonly nodeId: string }): Promise<Broker>;
  findGroupCoordinator(of: { readonly groupId: string }): Promise<Broker>;
  /** Partitions by the node that leads them; those that do not exist are left out. */
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Readonly<Record<string, number[]>>;
  fetchTopicsOffset(
    topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number }[];
      readonly fromBeginning: boolean;
    }[],
  ): Promise<
    readonly { readonly partitions: readonly { readonly partition: number; readonly offset: string }[] }[]
  >;
}

export interface SocketFactoryOptions {
  readonly host: string;
  readonly port: number;
  readonly ssl?: object | true;
  readonly onConnect: () => void;
}

export type SocketFactory = (options: SocketFactoryOptions) => Socket;

const clusterClass = require('kafkajs/src/cluster') as new (options: object) => Cluster;
const { createLogger } = require('kafkajs/src/loggers') as {
  createLogger: (options: object) => object;
};
const loggerConsole = require('kafkajs/src/loggers/console') as object;

/** Connections of its own to the brokers, which makes no topic by asking for it. */
export function createCluster(options: KafkaConfig, socketFactory: SocketFactory): Cluster {
  return new clusterClass({
    ...options,
    ssl: options.ssl === true ? {} : options.ssl,
    logger: createLogger({ level: options.logLevel, logCreator: loggerConsole }),
    socketFactory,
    enforceRequestTimeout: true,
    allowAutoTopicCreation: false,
    metadataMaxAge: 300_000,
    offsets: new Map(),
    isolationLevel: readCommitted,
  });
}

/** Kafka's isolation level in which records of transactions that failed are not seen. */
export const readCommitted = 1;

export const withoutAborted = require('kafkajs/src/consumer/filterAbortedMessages') as (fetched: {
  readonly messages: readonly DecodedRecord[];
  readonly abortedTransactions: readonly unknown[];
}) => readonly DecodedRecord[];

export interface Encoder {
  writeInt8(value: number): Encoder;
  writeBoolean(value: boolean): Encoder;
  writeUVarInt(value: number): Encoder;
  writeUVarIntString(value: string): Encoder;
  writeBufferInternal(value: Buffer): void;
}

export interface Decoder {
  readInt16(): number;
  readInt32(): number;
  readBoolean(): boolean;
  readBytes(length: number): Buffer;
  readUVarInt(): number;
  readUVarIntString(): string | null;
  /** null: the array is null. */
  readUVarIntArray<T>(read: (decoder: Decoder) => T): T[] | null;
  readTaggedFields(): unknown;
}

export const encoderClass = require('kafkajs/src/protocol/encoder') as new () => Encoder;
export const decoderClass = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => Decoder;

/** The prototype of what kafkajs queues its requests in. */
export const requestQueuePrototype = (
  require('kafkajs/src/network/requestQueue') as { readonly prototype: Record<string, unknown> }
).prototype;

/** The version of kafkajs that is here. */
export const kafkajsVersion = (require('kafkajs/package.json') as { readonly version: string }).version;
