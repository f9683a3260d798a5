import { LogError } from '../ports.js';

/** The broker cannot be reached, or cannot do it at present. */
export class KafkaUnavailableError extends LogError {
  readonly retriable: boolean = true;
  /** Try again. */
  readonly exitCode = 75;
}

/** It was tried for long enough: whoever runs the process decides whether to go on. */
export class KafkaGivenUpError extends KafkaUnavailableError {
  override readonly retriable = false;
}

/** The broker refuses, and will again until somebody changes it or our settings. */
export class KafkaRefusedError extends LogError {
  readonly retriable = false;
  readonly exitCode = 78;
}

/** Records are compressed with what kafkajs cannot undo. */
export class UnreadableCompressionError extends KafkaRefusedError {
  constructor(topic: string, partition: number, offset: number, codec: string) {
    super(
      `${topic}/${partition}: the records from offset ${offset} on are compressed with ${codec}, and only gzip and uncompressed ` +
        `ones can be read. Set the topic's compression.type to gzip: the broker then stores new records that way, whatever ` +
        'their producer does. What is stored already has to be sent again',
    );
  }
}

/** The settings cannot work, or the broker does not accept them. */
export class KafkaConfigurationError extends LogError {
  readonly retriable = false;
  readonly exitCode = 78;
}

/** What there is to know of an error of kafkajs. Its errors have no types of their own in its public interface. */
interface ClientError {
  readonly name: string;
  readonly message: string;
  /** Kafka's name of the error that the broker answered with. */
  readonly type: string | undefined;
  readonly code: string | undefined;
  readonly retriable: boolean;
}

const remedies: Readonly<Record<string, string>> = {
  MESSAGE_TOO_LARGE: "raise the topic's max.message.bytes",
  RECORD_LIST_TOO_LARGE: "raise the topic's max.message.bytes",
  TOPIC_AUTHORIZATION_FAILED: 'allow this user the topic (kafka-acls)',
  GROUP_AUTHORIZATION_FAILED: 'allow this user the group (kafka-acls)',
  CLUSTER_AUTHORIZATION_FAILED: 'allow this user the operation, or set KAFKA_CREATE_TOPICS=false',
  INVALID_REPLICATION_FACTOR: 'set KAFKA_REPLICATION_FACTOR to no more than there are brokers',
  INVALID_SESSION_TIMEOUT:
    "set KAFKA_SESSION_TIMEOUT_MS within the broker's group.min.session.timeout.ms and group.max.session.timeout.ms",
};

/** The coordinator's way to say that a member has to join again. */
export const groupErrors = {
  rebalancing: new Set(['REBALANCE_IN_PROGRESS']),
  lost: new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'FENCED_INSTANCE_ID']),
} as const;

/** The name of the compression that was met and cannot be undone; undefined for any other error. */
export function unreadableCompression(error: unknown): string | undefined {
  const { name, message } = describe(error);
  return name === 'KafkaJSNotImplemented'
    ? /^\w+(?= compression)/.exec(message)?.[0].toLowerCase()
    : undefined;
}

/** False where the broker answered what it would answer over any other connection too. */
export function isConnectionSpoilt(error: unknown): boolean {
  if (error instanceof LogError) return error.retriable;
  const { type, retriable } = describe(error);
  return type === undefined || retriable;
}

/** Kafka's name of the error, where the broker answered with one. */
export function errorType(error: unknown): string | undefined {
  return describe(error).type;
}

/** The error of kafkajs as one of the log's own; the log's own errors stay as they are. `what`: what was attempted. */
export function toLogError(what: string, error: unknown): LogError {
  if (error instanceof LogError) return error;
  const { name, message, type, code, retriable } = describe(error);
  const text = `${what}: ${message}`;
  if (name === 'KafkaJSSASLAuthenticationError')
    return new KafkaConfigurationError(
      `${text}. Check KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and the password`,
      { cause: error },
    );
  if (isCertificateTrouble(code, message))
    return new KafkaConfigurationError(
      `${text}. Check KAFKA_SSL_CA_FILE, KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE`,
      { cause: error },
    );
  const remedy = type === undefined ? undefined : remedies[type];
  if (remedy !== undefined) return new KafkaRefusedError(`${text}; ${remedy}`, { cause: error });
  const isGroupError =
    type !== undefined && (groupErrors.rebalancing.has(type) || groupErrors.lost.has(type));
  return retriable || isGroupError
    ? new KafkaUnavailableError(text, { cause: error })
    : new KafkaRefusedError(text, { cause: error });
}

/** Errors of the connection, and those that another attempt of another node may be spared. */
const passing = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSLockTimeout',
  'KafkaJSTimeout',
  'KafkaJSBrokerNotFound',
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSTopicMetadataNotLoaded',
]);

function describe(error: unknown): ClientError {
  const thrown = innermost(error);
  const { name, message } = thrown;
  const type = textOf(thrown, 'type');
  const code = textOf(thrown, 'code');
  const retriable = passing.has(name) || ('retriable' in thrown && thrown.retriable === true);
  return { name, message, type, code, retriable };
}

const wrappers = new Set(['KafkaJSNumberOfRetriesExceeded', 'KafkaJSNonRetriableError']);

/** kafkajs wraps what it gave up, and then says that it may not be retried. */
function innermost(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const isWrapped = wrappers.has(error.name) && error.cause instanceof Error;
  if (isWrapped) return innermost(error.cause);
  const first: unknown =
    error.name === 'KafkaJSAggregateError' ? (error as AggregateError).errors[0] : undefined;
  return first instanceof Error ? innermost(first) : error;
}

function textOf(error: Error, key: string): string | undefined {
  const value: unknown = (error as unknown as Record<string, unknown>)[key];
  return typeof value === 'string' ? value : undefined;
}

function isCertificateTrouble(code: string | undefined, message: string): boolean {
  return (
    /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL|ERR_OSSL/.test(code ?? '') ||
    /certificate|alert number/i.test(message)
  );
}
