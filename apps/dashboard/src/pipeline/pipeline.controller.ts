import { Get, Query } from '@nestjs/common';
import { ApiController, Live } from '../http/api.decorator.js';
import type { List } from '../http/list.js';
import type { LaneReport } from './lane-report.js';
import { PipelineQuery } from './pipeline-query.dto.js';
import { PipelineService } from './pipeline.service.js';

@ApiController('pipeline')
export class PipelineController {
  constructor(private readonly pipeline: PipelineService) {}

  /** All on one page: lanes are few. */
  @Get()
  @Live()
  async list(@Query() { layer }: PipelineQuery): Promise<List<LaneReport>> {
    return { items: await this.pipeline.report(layer), next: null };
  }
}
