import { Flag, Integer, OneOf, Path, Text } from '../variable-kinds.js';
import { RefuseWhen, Secret } from '../variable.js';

export type SaslMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';

/** How Kafka is reached. Validated with every transport, so that a slip shows before the switch to Kafka. */
export class KafkaEnv {
  @Flag()
  KAFKA_SSL = false;

  @Path()
  KAFKA_SSL_CA_FILE?: string;

  @Path()
  @RefuseWhen(
    (env: KafkaEnv) => env.KAFKA_SSL_CERT_FILE === undefined && env.KAFKA_SSL_KEY_FILE !== undefined,
    'give the certificate that goes with KAFKA_SSL_KEY_FILE',
  )
  KAFKA_SSL_CERT_FILE?: string;

  @Path()
  @RefuseWhen(
    (env: KafkaEnv) => env.KAFKA_SSL_KEY_FILE === undefined && env.KAFKA_SSL_CERT_FILE !== undefined,
    'give the key that goes with KAFKA_SSL_CERT_FILE',
  )
  KAFKA_SSL_KEY_FILE?: string;

  @OneOf('plain', 'scram-sha-256', 'scram-sha-512')
  @RefuseWhen(
    (env: KafkaEnv) =>
      env.KAFKA_SASL_MECHANISM !== undefined && !env.KAFKA_SSL && !env.KAFKA_ALLOW_PLAINTEXT_SASL,
    'SASL without TLS shows the password to the network; set KAFKA_SSL=true, or KAFKA_ALLOW_PLAINTEXT_SASL=true',
  )
  KAFKA_SASL_MECHANISM?: SaslMechanism;

  @Text(/./, 'give the user name')
  @RefuseWhen(
    (env: KafkaEnv) => env.KAFKA_SASL_USERNAME === undefined && env.KAFKA_SASL_MECHANISM !== undefined,
    'KAFKA_SASL_MECHANISM needs a user name',
  )
  KAFKA_SASL_USERNAME?: string;

  @Secret()
  @Text(/./, 'give the password')
  @RefuseWhen(
    (env: KafkaEnv) =>
      env.KAFKA_SASL_MECHANISM !== undefined &&
      (env.KAFKA_SASL_PASSWORD === undefined) === (env.KAFKA_SASL_PASSWORD_FILE === undefined),
    'KAFKA_SASL_MECHANISM needs one of KAFKA_SASL_PASSWORD and KAFKA_SASL_PASSWORD_FILE',
  )
  KAFKA_SASL_PASSWORD?: string;

  @Path()
  KAFKA_SASL_PASSWORD_FILE?: string;

  @Flag()
  KAFKA_ALLOW_PLAINTEXT_SASL = false;

  @Flag()
  KAFKA_CREATE_TOPICS = true;

  @Integer(1, 32)
  KAFKA_REPLICATION_FACTOR?: number;

  @Integer(6000, 600_000)
  KAFKA_SESSION_TIMEOUT_MS = 10_000;

  @OneOf('none', 'gzip')
  KAFKA_COMPRESSION: 'none' | 'gzip' = 'none';
}
