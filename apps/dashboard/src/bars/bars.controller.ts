import type { Bar, List } from '@engine/contracts/api';
import { Get, Query } from '@nestjs/common';
import { ApiController, Live } from '../http/api.decorator.js';
import { pageOf } from '../http/list.js';
import { AnswersList } from '../openapi/answers.decorator.js';
import { barSchema } from '../openapi/row-schemas.js';
import { encodeBarCursor } from './bar-cursor.js';
import { showBar } from './bar.js';
import { BarsQuery } from './bars-query.dto.js';
import { BarsService } from './bars.service.js';

@ApiController('bars')
export class BarsController {
  constructor(private readonly bars: BarsService) {}

  @Get()
  @Live()
  @AnswersList('Bars of one symbol and interval, closed and open ones', barSchema)
  async list(@Query() query: BarsQuery): Promise<List<Bar>> {
    const bars = await this.bars.find(query);
    return pageOf(bars, query.limit, { show: showBar, cursorOf: encodeBarCursor });
  }
}
