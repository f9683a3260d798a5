import type { List, Metrics } from '@engine/contracts/api';
import { goldMetrics } from '@engine/medallion';
import { Get, Query } from '@nestjs/common';
import { ApiController, Live } from '../http/api.decorator.js';
import { pageOf } from '../http/list.js';
import { encodeSymbolCursor } from '../http/symbol-cursor.js';
import { present } from '../lake/present.js';
import { AnswersList } from '../openapi/answers.decorator.js';
import { metricsSchema } from '../openapi/row-schemas.js';
import { MetricsQuery } from './metrics-query.dto.js';
import { MetricsService } from './metrics.service.js';

@ApiController('metrics')
export class MetricsController {
  constructor(private readonly metrics: MetricsService) {}

  @Get()
  @Live()
  @AnswersList('The newest metrics of one symbol or of all', metricsSchema)
  async list(@Query() { symbol, limit, cursor }: MetricsQuery): Promise<List<Metrics>> {
    const rows = (await this.metrics.newest()).filter(
      (row) => (symbol === undefined || row.symbol === symbol) && row.symbol > (cursor?.after ?? ''),
    );
    return pageOf(rows, limit, {
      show: (row) => present(goldMetrics, row) as unknown as Metrics,
      cursorOf: (row) => encodeSymbolCursor(row.symbol),
    });
  }
}
