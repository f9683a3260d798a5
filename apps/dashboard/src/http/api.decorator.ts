import { applyDecorators, Controller, Header, UseGuards, UsePipes } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { HostGuard } from '../security/host.guard.js';
import { TokenGuard } from '../security/token.guard.js';
import { ParametersPipe } from './parameters.pipe.js';

/** A controller below `/api`: for expected hosts, with the token where one is set, unknown parameters refused. */
export const ApiController = (path: string): ClassDecorator =>
  applyDecorators(
    Controller(`api/${path}`),
    UseGuards(HostGuard, TokenGuard),
    UsePipes(ParametersPipe),
    ApiTags(path),
    ApiBearerAuth(),
  );

/** What is live must not come from a cache. */
export const Live = (): MethodDecorator => Header('Cache-Control', 'no-store');
