import { Get, Query } from '@nestjs/common';
import { ApiController, Live } from '../http/api.decorator.js';
import { pageOf } from '../http/list.js';
import type { List } from '../http/list.js';
import { encodeBarCursor } from './bar-cursor.js';
import { showBar } from './bar.js';
import { BarsQuery } from './bars-query.dto.js';
import { BarsService } from './bars.service.js';

@ApiController('bars')
export class BarsController {
  constructor(private readonly bars: BarsService) {}

  @Get()
  @Live()
  async list(@Query() query: BarsQuery): Promise<List<unknown>> {
    const bars = await this.bars.find(query);
    return pageOf(bars, query.limit, { show: showBar, cursorOf: encodeBarCursor });
  }
}
