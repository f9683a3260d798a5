import type { KafkaEnv, SaslMechanism } from './env/kafka.env.js';

export interface KafkaConfig {
  readonly brokers: readonly string[];
  /** Null: no TLS. */
  readonly ssl: {
    readonly caFile: string | null;
    readonly certFile: string | null;
    readonly keyFile: string | null;
  } | null;
  /** Exactly one of `password` and `passwordFile` is given. */
  readonly sasl: {
    readonly mechanism: SaslMechanism;
    readonly username: string;
    readonly password: string | null;
    readonly passwordFile: string | null;
  } | null;
  readonly createTopics: boolean;
  /** Null: the broker's. */
  readonly replicationFactor: number | null;
  readonly sessionTimeoutMs: number;
  readonly compression: 'none' | 'gzip';
}

export const kafkaConfig = (brokers: readonly string[], env: KafkaEnv): KafkaConfig => ({
  brokers,
  ssl: env.KAFKA_SSL ? sslConfig(env) : null,
  sasl: env.KAFKA_SASL_MECHANISM === undefined ? null : saslConfig(env, env.KAFKA_SASL_MECHANISM),
  createTopics: env.KAFKA_CREATE_TOPICS,
  replicationFactor: env.KAFKA_REPLICATION_FACTOR ?? null,
  sessionTimeoutMs: env.KAFKA_SESSION_TIMEOUT_MS,
  compression: env.KAFKA_COMPRESSION,
});

const sslConfig = (env: KafkaEnv): KafkaConfig['ssl'] => ({
  caFile: env.KAFKA_SSL_CA_FILE ?? null,
  certFile: env.KAFKA_SSL_CERT_FILE ?? null,
  keyFile: env.KAFKA_SSL_KEY_FILE ?? null,
});

const saslConfig = (env: KafkaEnv, mechanism: SaslMechanism): KafkaConfig['sasl'] => ({
  mechanism,
  username: env.KAFKA_SASL_USERNAME ?? '',
  password: env.KAFKA_SASL_PASSWORD ?? null,
  passwordFile: env.KAFKA_SASL_PASSWORD_FILE ?? null,
});
