import { createApp, runApp } from '@engine/observability';
import { LaneServer } from '@engine/stream/nest';

import { LayerAppModule } from './layer-app.module.js';
import type { LayerDefinition } from './layer-definition.js';

/** Runs a layer's app as this process, from start to exit. */
export function runLayer(define: () => LayerDefinition): Promise<void> {
  return runApp(async () => {
    const definition = define();
    const { config } = definition;
    const app = await createApp(LayerAppModule.of(definition), config, config.app);
    const server = app.get(LaneServer);
    app.connectMicroservice({ strategy: server });
    await app.startAllMicroservices();
    return { app, http: config.http, ended: server.ended };
  });
}
