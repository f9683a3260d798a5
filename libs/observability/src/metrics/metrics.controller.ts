import { Controller, Get, Res } from '@nestjs/common';
import { EngineMetrics } from './engine-metrics.js';

/** As much of a response as is needed here. */
interface TextResponse {
  type(contentType: string): { send(body: string): unknown };
}

@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: EngineMetrics) {}

  @Get()
  async scrape(@Res() response: TextResponse): Promise<void> {
    const { contentType, text } = await this.metrics.scrape();
    response.type(contentType).send(text);
  }
}
