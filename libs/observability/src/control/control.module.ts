import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { ModuleParts } from '../module-parts.js';
import { CONTROL_PARTS } from './control-parts.js';
import type { ControlParts } from './control-parts.js';
import { CONTROL_TOKEN } from './control-token.guard.js';
import { ControlController } from './control.controller.js';

/** `GET /control/lanes` and `POST /control/close` for whoever shows `x-control-token`; 404 for all others. */
@Module({})
export class ControlModule {
  /** With parts that exist already. */
  static forApp(parts: ControlParts): DynamicModule {
    return ControlModule.forAppAsync({ useFactory: () => parts });
  }

  /** With parts made of providers. */
  static forAppAsync<Deps extends unknown[]>(parts: ModuleParts<ControlParts, Deps>): DynamicModule {
    return {
      module: ControlModule,
      imports: parts.imports ?? [],
      controllers: [ControlController],
      providers: [
        { provide: CONTROL_PARTS, inject: parts.inject ?? [], useFactory: parts.useFactory },
        { provide: CONTROL_TOKEN, inject: [CONTROL_PARTS], useFactory: ({ token }: ControlParts) => token },
      ],
    };
  }
}
