import { Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ApiController } from '../http/api.decorator.js';
import { ApiDescription } from './api-description.js';

@ApiController('openapi.json')
export class OpenApiController {
  constructor(private readonly description: ApiDescription) {}

  @Get()
  @ApiOperation({ summary: 'This description' })
  show(): OpenAPIObject {
    return this.description.document;
  }
}
