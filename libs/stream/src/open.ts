import type { Log } from './ports.js';

/** The log that is asked for does not exist in this version. */
export class UnsupportedTransportError extends Error {
  readonly exitCode = 78;
  override readonly name = 'UnsupportedTransportError';
}

export interface LogLocation {
  readonly transport: string;
  /** Of the embedded log; null with any other. */
  readonly logFolder: string | null;
  /** Of the embedded log, per topic; null: everything stays. */
  readonly logRetentionBytes: number | null;
}

/** Opens the log of the configured transport. Rejects with `UnsupportedTransportError`. */
export async function openLog({ transport, logFolder, logRetentionBytes }: LogLocation): Promise<Log> {
  if (logFolder === null) {
    throw new UnsupportedTransportError(
      `LOG_TRANSPORT=${transport}: this version has no such log yet; set LOG_TRANSPORT=embedded and unset KAFKA_BROKERS`,
    );
  }
  // Only whoever uses LMDB loads it.
  const { EmbeddedLog } = await import('./embedded.js');
  return EmbeddedLog.open(logFolder, logRetentionBytes === null ? {} : { retentionBytes: logRetentionBytes });
}
