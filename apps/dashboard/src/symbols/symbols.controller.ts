import type { List, SymbolQuote as Shown } from '@engine/contracts/api';
import { Get, Query } from '@nestjs/common';
import { ApiController, Live } from '../http/api.decorator.js';
import { pageOf } from '../http/list.js';
import { encodeSymbolCursor } from '../http/symbol-cursor.js';
import { AnswersList } from '../openapi/answers.decorator.js';
import { symbolSchema } from '../openapi/row-schemas.js';
import { isoTime } from '../time.js';
import { pricePrecision } from './price-precision.js';
import { Sparklines } from './sparklines.js';
import type { SymbolQuote } from './symbol-quote.js';
import { SymbolsQuery } from './symbols-query.dto.js';
import { SymbolsService } from './symbols.service.js';

@ApiController('symbols')
export class SymbolsController {
  constructor(
    private readonly symbols: SymbolsService,
    private readonly sparklines: Sparklines,
  ) {}

  @Get()
  @Live()
  @AnswersList('A watch list: every symbol with its last price', symbolSchema)
  async list(@Query() { limit, cursor }: SymbolsQuery): Promise<List<Shown>> {
    const quotes = await this.symbols.quotes();
    await this.sparklines.load(quotes.reduce((newest, quote) => Math.max(newest, quote.lastEventUs), 0));
    const left = quotes.filter(({ symbol }) => symbol > (cursor?.after ?? ''));
    return pageOf(left, limit, {
      show: (quote) => this.#show(quote),
      cursorOf: ({ symbol }) => encodeSymbolCursor(symbol),
    });
  }

  #show({ lastEventUs, ...quote }: SymbolQuote): Shown {
    const trend = this.sparklines.of(quote.symbol);
    return {
      ...quote,
      lastEventTime: isoTime(lastEventUs),
      pricePrecision: pricePrecision([quote.last, ...trend.sparkline.map(({ close }) => close)]),
      ...trend,
    };
  }
}
