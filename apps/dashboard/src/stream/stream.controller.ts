import type { Response } from 'express';
import { Get, Headers, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiProduces, ApiOkResponse } from '@nestjs/swagger';
import { ApiController } from '../http/api.decorator.js';
import { Refuses } from '../openapi/answers.decorator.js';
import { StreamHub } from './stream-hub.js';
import { StreamQuery } from './stream-query.dto.js';

@ApiController('stream')
export class StreamController {
  constructor(private readonly hub: StreamHub) {}

  @Get()
  @ApiOperation({
    summary: 'What is new, as server-sent events: hello, gap, bar, metrics, tick, pipeline',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The last event seen: what was missed follows',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  @Refuses()
  listen(
    @Query() query: StreamQuery,
    @Headers('last-event-id') lastId: string | undefined,
    @Res() response: Response,
  ): void {
    this.hub.join(response, query, lastId);
  }
}
