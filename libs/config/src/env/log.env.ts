import { Integer, List, OneOf, Path, Text } from '../variable-kinds.js';
import { RefuseWhen } from '../variable.js';

export type Transport = 'embedded' | 'kafka';

/** Which log the apps meet at, and where the data lie. */
export class LogEnv {
  @OneOf('embedded', 'kafka')
  LOG_TRANSPORT?: Transport;

  @List(/^[^\s:,]+:\d{1,5}$/, 'give brokers as host:port,host:port')
  @RefuseWhen(
    (env: LogEnv) => env.LOG_TRANSPORT === 'kafka' && env.KAFKA_BROKERS === undefined,
    'give brokers as host:port,host:port',
  )
  KAFKA_BROKERS?: readonly string[];

  @Path()
  @RefuseWhen(
    (env: LogEnv) =>
      env.DATA_DIR === undefined && (transportOf(env) === 'embedded' || env.LAKE_DIR === undefined),
    'give the folder for log and lake',
  )
  DATA_DIR?: string;

  @Path()
  LAKE_DIR?: string;

  /** Of the embedded log, per topic; unset: keep everything. */
  @Integer(1_048_576, Number.MAX_SAFE_INTEGER)
  LOG_RETENTION_BYTES?: number;

  @Integer(1, 1024)
  LANES = 4;

  @Text(/^[A-Za-z0-9._-]{1,100}$/, 'give letters, digits, dots, underscores and hyphens, at most 100')
  TOPIC_PREFIX = '';
}

/** Kafka where brokers are named, unless the transport is. */
export const transportOf = (env: LogEnv): Transport =>
  env.LOG_TRANSPORT ?? (env.KAFKA_BROKERS === undefined ? 'embedded' : 'kafka');
