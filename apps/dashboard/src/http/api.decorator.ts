import { applyDecorators, Controller, Header, UseGuards, UsePipes } from '@nestjs/common';
import { HostGuard } from './host.guard.js';
import { ParametersPipe } from './parameters.pipe.js';
import { TokenGuard } from './token.guard.js';

/** A controller below `/api`: for expected hosts, with the token where one is set, unknown parameters refused. */
export const ApiController = (path: string): ClassDecorator =>
  applyDecorators(Controller(`api/${path}`), UseGuards(HostGuard, TokenGuard), UsePipes(ParametersPipe));

/** What is live must not come from a cache. */
export const Live = (): MethodDecorator => Header('Cache-Control', 'no-store');
