import type { List, Tick } from '@engine/contracts/api';
import { Get, Query } from '@nestjs/common';
import { ApiController, Live } from '../http/api.decorator.js';
import { pageOf } from '../http/list.js';
import { AnswersList } from '../openapi/answers.decorator.js';
import { tickSchema } from '../openapi/row-schemas.js';
import { encodeTickCursor } from './tick-cursor.js';
import { showTick } from './tick-row.js';
import { TicksQuery } from './ticks-query.dto.js';
import { TicksService } from './ticks.service.js';

@ApiController('ticks')
export class TicksController {
  constructor(private readonly ticks: TicksService) {}

  @Get()
  @Live()
  @AnswersList('Ticks of one symbol with their verdict and features', tickSchema)
  async list(@Query() query: TicksQuery): Promise<List<Tick>> {
    const ticks = await this.ticks.find(query);
    return pageOf(ticks, query.limit, { show: showTick, cursorOf: encodeTickCursor });
  }
}
