import { ValidationPipe } from '@nestjs/common';
import type { ArgumentMetadata } from '@nestjs/common';
import { InvalidParametersException } from './problem.js';

/** Makes a query's class of the parameters, and refuses those it does not know, each by name. */
export class ParametersPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      exceptionFactory: (errors) => InvalidParametersException.of(errors),
    });
  }

  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    refuseInherited(value);
    return super.transform(value, metadata) as Promise<unknown>;
  }
}

/** `__proto__`, `constructor` and their like are passed over by class-transformer in silence. */
function refuseInherited(value: unknown): void {
  const names = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const inherited = names.filter((name) => name in Object.prototype);
  if (inherited.length === 0) return;
  throw new InvalidParametersException(
    inherited.map((parameter) => ({ parameter, detail: 'there is no such parameter' })),
  );
}
