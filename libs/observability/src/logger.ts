import { ConsoleLogger } from '@nestjs/common';
import type { LogLevel as NestLevel } from '@nestjs/common';

/** From the most talkative to the quietest; Nest calls `info` `log`. */
const LEVELS: readonly NestLevel[] = ['verbose', 'debug', 'log', 'warn', 'error', 'fatal'];

/** By these names Nest tells, in some 70 lines, how it has put the app together. */
const WIRING: readonly unknown[] = [
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'NestMicroservice',
];

export interface LogSettings {
  readonly logLevel: 'verbose' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  readonly logFormat: 'pretty' | 'json';
}

/** What Nest says of its wiring is for whoever looks for a fault in it: the log begins with what the app does. */
class AppLogger extends ConsoleLogger {
  override log(message: unknown, ...rest: readonly unknown[]): void {
    if (WIRING.includes(rest.at(-1))) super.debug(message, ...rest);
    else super.log(message, ...rest);
  }
}

/** The app's logger: lines for people, or JSON for machines; `logLevel` and all that is graver. */
export function createLogger({ logLevel, logFormat }: LogSettings, appName: string): ConsoleLogger {
  const lowest = LEVELS.indexOf(logLevel === 'info' ? 'log' : logLevel);
  return new AppLogger({
    json: logFormat === 'json',
    prefix: appName,
    context: appName,
    logLevels: LEVELS.slice(lowest),
  });
}
