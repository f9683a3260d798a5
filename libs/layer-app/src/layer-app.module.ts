import { ControlModule, ObservabilityModule, StallWatch } from '@engine/observability';
import { LaneServer } from '@engine/stream/nest';
import { Global, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';

import { laneWorkers } from './lane-workers.js';
import { LanesRestored } from './lanes-restored.check.js';
import { LayerWork } from './layer-definition.js';
import type { LayerDefinition } from './layer-definition.js';
import { LayerHost } from './layer-host.js';

/** Offers a layer's host to the controller as its work, and watches over its lanes. */
@Global()
@Module({})
class LayerHostModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly host: LayerHost,
    private readonly stalls: StallWatch,
  ) {}

  static of(definition: LayerDefinition): DynamicModule {
    return {
      module: LayerHostModule,
      providers: [
        { provide: LayerHost, useFactory: () => new LayerHost(definition) },
        { provide: LayerWork, useExisting: LayerHost },
        { provide: LaneServer, inject: [LayerHost], useFactory: ({ server }: LayerHost) => server },
        {
          provide: StallWatch,
          inject: [LayerHost],
          useFactory: (host: LayerHost) =>
            new StallWatch(() => laneWorkers(host), definition.config.stallMs, definition.clock),
        },
      ],
      exports: [LayerHost, LayerWork, LaneServer, StallWatch],
    };
  }

  onApplicationBootstrap(): void {
    this.stalls.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stalls.stop();
    // What went wrong is told to whoever called `stop` before; here Nest would only log it once more.
    await this.host.stop().catch(() => undefined);
  }
}

/** A layer as an app: its controller, health, metrics, and what `engine up` may ask it. */
@Module({})
export class LayerAppModule {
  static of(definition: LayerDefinition): DynamicModule {
    const observed = ObservabilityModule.forAppAsync({
      inject: [LayerHost, StallWatch],
      useFactory: (host: LayerHost, stalls: StallWatch) => ({
        metrics: host.metrics,
        readiness: [new LanesRestored(host), host.troubles],
        liveness: [stalls],
      }),
    });
    const controlled = ControlModule.forAppAsync({
      inject: [LayerHost],
      useFactory: (host: LayerHost) => ({
        token: definition.config.controlToken,
        lanes: { lanes: () => host.settledStatuses() },
        // Not known before the layer is open.
        get closable() {
          return host.closable;
        },
      }),
    });
    return {
      module: LayerAppModule,
      imports: [LayerHostModule.of(definition), observed, controlled],
      controllers: [definition.controller],
    };
  }
}
