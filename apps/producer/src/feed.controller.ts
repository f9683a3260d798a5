import { ControlTokenGuard } from '@engine/observability';
import { Controller, Get, UseGuards } from '@nestjs/common';
import type { FeedStatus } from './feed.service.js';
import { FeedService } from './feed.service.js';

/** What the process that started this one may ask. */
@Controller('control')
@UseGuards(ControlTokenGuard)
export class FeedController {
  constructor(private readonly feed: FeedService) {}

  @Get('feed')
  status(): FeedStatus {
    return this.feed.status();
  }
}
