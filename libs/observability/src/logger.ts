import { ConsoleLogger } from '@nestjs/common';
import type { LogLevel as NestLevel } from '@nestjs/common';

/** From the most talkative to the quietest; Nest calls `info` `log`. */
const LEVELS: readonly NestLevel[] = ['verbose', 'debug', 'log', 'warn', 'error', 'fatal'];

export interface LogSettings {
  readonly logLevel: 'verbose' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  readonly logFormat: 'pretty' | 'json';
}

/** The app's logger: lines for people, or JSON for machines; `logLevel` and all that is graver. */
export function createLogger({ logLevel, logFormat }: LogSettings, appName: string): ConsoleLogger {
  const lowest = LEVELS.indexOf(logLevel === 'info' ? 'log' : logLevel);
  return new ConsoleLogger({
    json: logFormat === 'json',
    prefix: appName,
    context: appName,
    logLevels: LEVELS.slice(lowest),
  });
}
