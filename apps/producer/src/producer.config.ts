import type { Environment, ProducerConfig } from '@engine/config';
import { Flag, readEnv, readProducerConfig } from '@engine/config';

class EndEnv {
  /** Stop, with exit code 0, when a file has been sent. */
  @Flag()
  FEED_EXIT_AT_END = false;
}

/** Everything the producer is told, whole and frozen. */
export interface ProducerSettings extends ProducerConfig {
  readonly exitsAtEnd: boolean;
}

/** Throws `InvalidEnvironmentError` with every problem. */
export function readProducerSettings(env: Environment): ProducerSettings {
  const config = readProducerConfig(env);
  return Object.freeze({ ...config, exitsAtEnd: readEnv(EndEnv, env).FEED_EXIT_AT_END });
}

/** Injection token of `ProducerSettings`. */
export const PRODUCER_SETTINGS = Symbol('settings of the producer');
