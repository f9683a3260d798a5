import { ControlModule, ObservabilityModule } from '@engine/observability';
import { LaneServer } from '@engine/stream/nest';
import { Global, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';

import { LanesAssigned } from './lanes-assigned.check.js';
import { LayerWork } from './layer-definition.js';
import type { LayerDefinition } from './layer-definition.js';
import { LayerResources } from './layer-resources.js';

/** Opens a layer's resources, offers its work to the controller, and closes everything in order. */
@Global()
@Module({})
class LayerResourcesModule implements OnApplicationShutdown {
  constructor(private readonly resources: LayerResources) {}

  static of(definition: LayerDefinition): DynamicModule {
    return {
      module: LayerResourcesModule,
      providers: [
        { provide: LayerResources, useFactory: () => LayerResources.open(definition) },
        {
          provide: LayerWork,
          inject: [LayerResources],
          useFactory: (resources: LayerResources) => resources.work,
        },
        {
          provide: LaneServer,
          inject: [LayerResources],
          useFactory: (resources: LayerResources) => resources.server,
        },
      ],
      exports: [LayerResources, LayerWork, LaneServer],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.resources.close();
  }
}

/** A layer as an app: its controller, health, metrics, and what `engine up` may ask it. */
@Module({})
export class LayerAppModule {
  static of(definition: LayerDefinition): DynamicModule {
    const observed = ObservabilityModule.forAppAsync({
      inject: [LayerResources],
      useFactory: ({ metrics, retries, work }: LayerResources) => ({
        metrics,
        readiness: [new LanesAssigned(work), retries],
      }),
    });
    const controlled = ControlModule.forAppAsync({
      inject: [LayerResources],
      useFactory: ({ work }: LayerResources) => ({
        token: definition.config.controlToken,
        lanes: { lanes: () => work.statuses() },
        ...(work.closeWindows === undefined
          ? {}
          : { closable: { close: () => work.closeWindows?.() ?? Promise.resolve() } }),
      }),
    });
    return {
      module: LayerAppModule,
      imports: [LayerResourcesModule.of(definition), observed, controlled],
      controllers: [definition.controller],
    };
  }
}
