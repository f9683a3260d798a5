import { NestFactory } from '@nestjs/core';
import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { createLogger } from '../logger.js';
import type { LogSettings } from '../logger.js';

/** A Nest app that throws when it cannot be made (Nest's own habit is to abort the process) and does not wait for idle connections when it closes. */
export function createApp(
  module: Type | DynamicModule,
  settings: LogSettings,
  appName: string,
): Promise<INestApplication> {
  const logger = createLogger(settings, appName);
  return NestFactory.create(module, { logger, abortOnError: false, forceCloseConnections: true });
}
