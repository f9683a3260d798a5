import type { InjectionToken, ModuleMetadata } from '@nestjs/common';

/** How a dynamic module gets its parts from an app's providers. */
export interface ModuleParts<Parts, Deps extends unknown[]> {
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
  /** Tokens of what `useFactory` is given, in its order. */
  readonly inject?: InjectionToken[];
  readonly useFactory: (...deps: Deps) => Parts;
}
