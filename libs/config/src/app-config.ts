import { join } from 'node:path';
import { LogEnv, transportOf } from './env/log.env.js';
import type { Transport } from './env/log.env.js';
import { KafkaEnv } from './env/kafka.env.js';
import { ProcessEnv } from './env/process.env.js';
import type { LogFormat, LogLevel } from './env/process.env.js';
import { kafkaConfig } from './kafka-config.js';
import type { KafkaConfig } from './kafka-config.js';
import type { EnvironmentReader } from './read-env.js';

export type LayerName = 'bronze' | 'silver' | 'gold';
export type AppName = 'dashboard' | 'producer' | LayerName;

const HTTP_PORTS: Readonly<Record<AppName, number>> = {
  dashboard: 3000,
  producer: 3001,
  bronze: 3002,
  silver: 3003,
  gold: 3004,
};

export interface HttpConfig {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** What every app is told. Paths are absolute. */
export interface AppConfig {
  readonly app: AppName;
  readonly transport: Transport;
  /** Null with the embedded log. */
  readonly kafka: KafkaConfig | null;
  /** Of the embedded log; null with Kafka. */
  readonly logFolder: string | null;
  /** Of the embedded log, per topic: when its records take more, the oldest go. Null: everything stays. */
  readonly logRetentionBytes: number | null;
  readonly lakeFolder: string;
  readonly lanes: number;
  /** Put before every topic and consumer group name. */
  readonly topicPrefix: string;
  readonly http: HttpConfig;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  /** Work that waits and makes no progress for so long is stalled. */
  readonly stallMs: number;
  /** Null: the app serves no control endpoints. */
  readonly controlToken: string | null;
}

/** Reads what every app needs. Its values are not to be used before `reader.assertValid()` has passed. */
export function readApp(reader: EnvironmentReader, app: AppName): AppConfig {
  const log = reader.read(LogEnv);
  const kafka = reader.read(KafkaEnv);
  const own = reader.read(ProcessEnv);
  const transport = transportOf(log);
  const dataDir = log.DATA_DIR ?? '';
  return {
    app,
    transport,
    kafka: transport === 'kafka' ? kafkaConfig(log.KAFKA_BROKERS ?? [], kafka) : null,
    logFolder: transport === 'embedded' ? join(dataDir, 'log') : null,
    logRetentionBytes: log.LOG_RETENTION_BYTES ?? null,
    lakeFolder: log.LAKE_DIR ?? join(dataDir, 'lake'),
    lanes: log.LANES,
    topicPrefix: log.TOPIC_PREFIX,
    http: { host: own.HTTP_HOST, port: own.HTTP_PORT ?? HTTP_PORTS[app] },
    logLevel: own.LOG_LEVEL,
    logFormat: own.LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json'),
    stallMs: own.STALL_MS,
    controlToken: own.CONTROL_TOKEN ?? null,
  };
}
