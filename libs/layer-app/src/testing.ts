import type { Server } from 'node:http';

import type { INestApplication } from '@nestjs/common';

import type { LayerDefinition } from './layer-definition.js';
import { layerToRun } from './run-layer.js';

/** A layer's app as its process would start it, in this process and without a port. */
export async function startLayerApp(definition: LayerDefinition): Promise<INestApplication> {
  const { app, start } = await layerToRun(definition);
  await app.init();
  await start?.();
  return app;
}

const TOKEN = 'a-token-for-this-test';

/** The environment of an app under test. */
export const layerEnvironment = (folder: string): NodeJS.ProcessEnv => ({
  DATA_DIR: folder,
  LOG_LEVEL: 'error',
  CONTROL_TOKEN: TOKEN,
});

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** What a started app answers; `authorized` shows the control token. */
export async function ask(app: INestApplication, path: string, authorized = false): Promise<Answer> {
  if (!(app.getHttpServer() as Server).listening) await app.listen(0, '127.0.0.1');
  const response = await fetch(
    `${await app.getUrl()}${path}`,
    authorized ? { headers: { 'x-control-token': TOKEN } } : {},
  );
  return { status: response.status, text: await response.text() };
}
