import { Logger } from '@nestjs/common';
import type { KafkaSettings } from './kafka.js';
import type { Log } from './ports.js';

/** Where the log is: one of the two. */
export interface LogLocation {
  /** Of the embedded log; null with any other. */
  readonly logFolder: string | null;
  /** Of the embedded log, per topic; null: everything stays. */
  readonly logRetentionBytes: number | null;
  /** null: the log is not on Kafka. */
  readonly kafka: KafkaSettings | null;
}

/** Opens the configured log. On Kafka it waits for a broker, says so meanwhile, and rejects with `KafkaGivenUpError`. */
export async function openLog({ logFolder, logRetentionBytes, kafka }: LogLocation): Promise<Log> {
  // Only whoever uses a log loads what it is made of.
  if (kafka !== null) {
    const { KafkaLog } = await import('./kafka.js');
    const logger = new Logger('kafka');
    return KafkaLog.open(kafka, {
      onRetry: ({ message }) => {
        logger.warn(message);
      },
    });
  }
  if (logFolder === null) throw new TypeError('A log needs a folder, or the settings of Kafka');
  const { EmbeddedLog } = await import('./embedded.js');
  return EmbeddedLog.open(logFolder, logRetentionBytes === null ? {} : { retentionBytes: logRetentionBytes });
}
