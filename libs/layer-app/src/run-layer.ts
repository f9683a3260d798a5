import { createApp, runApp } from '@engine/observability';
import type { AppToRun } from '@engine/observability';
import { LaneServer } from '@engine/stream/nest';
import { LayerAppModule } from './layer-app.module.js';
import type { LayerDefinition } from './layer-definition.js';
import { LayerHost } from './layer-host.js';

/** Runs a layer's app as this process, from start to exit. */
export function runLayer(define: () => LayerDefinition): Promise<void> {
  return runApp(() => layerToRun(define()));
}

/** A layer's app that answers HTTP at once and takes up its work afterwards. */
export async function layerToRun(definition: LayerDefinition): Promise<AppToRun> {
  const { config } = definition;
  const app = await createApp(LayerAppModule.of(definition), config, config.app);
  const server = app.get(LaneServer);
  const host = app.get(LayerHost);
  app.connectMicroservice({ strategy: server });
  return {
    app,
    http: config.http,
    ended: server.ended,
    start: () => host.start(() => app.startAllMicroservices()),
    stopAnnounced: () => {
      host.publishAhead();
    },
    stop: () => host.stop(),
  };
}
