import { Integer, OneOf, Text } from '../variable-kinds.js';
import { Secret } from '../variable.js';

export const logLevels = ['verbose', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof logLevels)[number];
export type LogFormat = 'pretty' | 'json';

/** A token travels in a header. */
export const TOKEN = /^[\x21-\x7e]{8,512}$/;
export const TOKEN_REMEDY = 'give 8 to 512 visible ASCII characters without blanks';

/** What every process has: an address for health and metrics, and a log of its own. */
export class ProcessEnv {
  /** 0: any free port. */
  @Integer(0, 65_535)
  HTTP_PORT?: number;

  @Text(/^[A-Za-z0-9.:_-]{1,253}$/, 'give a host name or an address')
  HTTP_HOST = '127.0.0.1';

  @OneOf(...logLevels)
  LOG_LEVEL: LogLevel = 'info';

  @OneOf('pretty', 'json')
  LOG_FORMAT?: LogFormat;

  @Integer(1000, 86_400_000)
  STALL_MS = 60_000;

  @Secret()
  @Text(TOKEN, TOKEN_REMEDY)
  CONTROL_TOKEN?: string;
}
