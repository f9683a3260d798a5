import type { Quarantine } from '@engine/contracts/api';
import { Get, Query } from '@nestjs/common';
import { ApiController, Live } from '../http/api.decorator.js';
import { pageOf } from '../http/list.js';
import { Answers } from '../openapi/answers.decorator.js';
import { quarantineCountSchema, refusedSchema } from '../openapi/row-schemas.js';
import { listOf, page } from '../openapi/schema.js';
import { QuarantineQuery } from './quarantine-query.dto.js';
import { QuarantineService } from './quarantine.service.js';
import { encodeRefusedCursor, showRefused } from './refused-row.js';

@ApiController('quarantine')
export class QuarantineController {
  constructor(private readonly quarantine: QuarantineService) {}

  @Get()
  @Live()
  @Answers('Refused records, newest first', page(refusedSchema, { counts: listOf(quarantineCountSchema) }))
  async list(@Query() query: QuarantineQuery): Promise<Quarantine> {
    const rows = await this.quarantine.find(query);
    const values = await this.quarantine.rawValues(rows.slice(0, query.limit));
    const list = pageOf(rows, query.limit, {
      show: (row) => showRefused(row, values.get(`${row.partition}.${row.offset}`)),
      cursorOf: encodeRefusedCursor,
    });
    return { ...list, counts: await this.quarantine.counts() };
  }
}
