import type { PipelineReport } from '@engine/contracts/api';
import { Get, Query } from '@nestjs/common';
import { ApiController, Live } from '../http/api.decorator.js';
import { Answers } from '../openapi/answers.decorator.js';
import { pipelineSchema } from '../openapi/pipeline-schema.js';
import { PipelineQuery } from './pipeline-query.dto.js';
import { PipelineService } from './pipeline.service.js';

@ApiController('pipeline')
export class PipelineController {
  constructor(private readonly pipeline: PipelineService) {}

  /** All on one page: lanes are few. */
  @Get()
  @Live()
  @Answers('How every layer does, lane by lane', pipelineSchema)
  async list(@Query() { layer }: PipelineQuery): Promise<PipelineReport> {
    return this.pipeline.report(layer);
  }
}
