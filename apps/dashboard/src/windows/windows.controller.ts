import type { List, SilverWindow } from '@engine/contracts/api';
import { silverWindows } from '@engine/medallion';
import { Get, Query } from '@nestjs/common';
import { ApiController, Live } from '../http/api.decorator.js';
import { pageOf } from '../http/list.js';
import { present } from '../lake/present.js';
import { AnswersList } from '../openapi/answers.decorator.js';
import { windowSchema } from '../openapi/row-schemas.js';
import { WindowsQuery } from './windows-query.dto.js';
import { WindowsService } from './windows.service.js';

@ApiController('windows')
export class WindowsController {
  constructor(private readonly windows: WindowsService) {}

  @Get()
  @Live()
  @AnswersList('Sliding windows of one symbol', windowSchema)
  async list(@Query() query: WindowsQuery): Promise<List<SilverWindow>> {
    const windows = await this.windows.find(query);
    return pageOf(windows, query.limit, {
      show: (row) => present(silverWindows, row) as unknown as SilverWindow,
      cursorOf: ({ window_start }) => String(window_start),
    });
  }
}
