import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import { logLevel } from 'kafkajs';
import type { KafkaConfig, SASLOptions } from 'kafkajs';
import { KafkaConfigurationError } from './kafka-error.js';
import type { KafkaSettings } from './kafka-settings.js';

/** kafkajs's own options for these settings; reads the files they name. Rejects with `KafkaConfigurationError`. */
export async function clientOptions(settings: KafkaSettings): Promise<KafkaConfig> {
  const { brokers, ssl, sasl } = settings;
  return {
    clientId: 'engine',
    brokers: [...brokers],
    ...(ssl === null ? {} : { ssl: await tlsOptions(ssl) }),
    ...(sasl === null ? {} : { sasl: await saslOptions(sasl) }),
    connectionTimeout: 3_000,
    requestTimeout: 30_000,
    // What failed is told to its caller, who knows what may be tried again. Only the way to a first broker is sought here.
    retry: { retries: brokers.length, initialRetryTime: 50, maxRetryTime: 500 },
    logLevel: logLevel.NOTHING,
  };
}

async function tlsOptions(ssl: NonNullable<KafkaSettings['ssl']>): Promise<ConnectionOptions> {
  const { caFile, certFile, keyFile } = ssl;
  return {
    ...(caFile === null ? {} : { ca: await fileOf('KAFKA_SSL_CA_FILE', caFile) }),
    ...(certFile === null ? {} : { cert: await fileOf('KAFKA_SSL_CERT_FILE', certFile) }),
    ...(keyFile === null ? {} : { key: await fileOf('KAFKA_SSL_KEY_FILE', keyFile) }),
  };
}

async function saslOptions(sasl: NonNullable<KafkaSettings['sasl']>): Promise<SASLOptions> {
  const { mechanism, username, passwordFile } = sasl;
  // The last line end is the editor's, not the password's.
  const password =
    passwordFile === null
      ? (sasl.password ?? '')
      : (await fileOf('KAFKA_SASL_PASSWORD_FILE', passwordFile)).replace(/\r?\n$/, '');
  return { mechanism, username, password };
}

async function fileOf(variable: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new KafkaConfigurationError(`${variable}=${file} cannot be read: ${String(cause)}`, { cause });
  }
}
