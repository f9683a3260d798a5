import { existsSync } from 'node:fs';

import type { LayerConfig } from '@engine/config';
import type { Log } from '@engine/stream';

const PATIENCE_MS = 5_000;

/** Null where the embedded log was not made yet; looking makes none. Waits for a broker as long as a person would. */
export async function openExistingLog({ kafka, logFolder }: LayerConfig): Promise<Log | null> {
  if (kafka !== null) {
    const { KafkaLog } = await import('@engine/stream/kafka');
    return KafkaLog.open(kafka, { patienceMs: PATIENCE_MS });
  }
  if (logFolder === null || !existsSync(logFolder)) return null;
  const { EmbeddedLog } = await import('@engine/stream/embedded');
  return EmbeddedLog.open(logFolder);
}
