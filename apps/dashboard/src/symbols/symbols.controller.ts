import { Get, Query } from '@nestjs/common';
import { ApiController, Live } from '../http/api.decorator.js';
import { pageOf } from '../http/list.js';
import type { List } from '../http/list.js';
import { encodeSymbolCursor } from '../http/symbol-cursor.js';
import { isoTime } from '../time.js';
import { SymbolsQuery } from './symbols-query.dto.js';
import { SymbolsService } from './symbols.service.js';

@ApiController('symbols')
export class SymbolsController {
  constructor(private readonly symbols: SymbolsService) {}

  @Get()
  @Live()
  async list(@Query() { limit, cursor }: SymbolsQuery): Promise<List<unknown>> {
    const quotes = (await this.symbols.quotes()).filter(({ symbol }) => symbol > (cursor?.after ?? ''));
    return pageOf(quotes, limit, {
      show: ({ lastEventUs, ...quote }) => ({ ...quote, lastEventTime: isoTime(lastEventUs) }),
      cursorOf: ({ symbol }) => encodeSymbolCursor(symbol),
    });
  }
}
