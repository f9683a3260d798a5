import type { LaneStatus } from '@engine/contracts';
import {
  Controller,
  Get,
  HttpCode,
  Inject,
  NotFoundException,
  Post,
  ServiceUnavailableException,
  UseGuards,
} from '@nestjs/common';
import { CONTROL_PARTS } from './control-parts.js';
import type { ControlParts } from './control-parts.js';
import { ControlTokenGuard } from './control-token.guard.js';

/** What the process that started this one may ask and order. */
@Controller('control')
@UseGuards(ControlTokenGuard)
export class ControlController {
  constructor(@Inject(CONTROL_PARTS) private readonly parts: ControlParts) {}

  /** 503, with the reason, while it cannot be told and may be later: the log is away. */
  @Get('lanes')
  lanes(): Promise<readonly LaneStatus[]> {
    return unlessNotNow(this.parts.lanes.lanes());
  }

  /** Closes what is still open; 404 where the layer has nothing to close, 503 as above. */
  @Post('close')
  @HttpCode(204)
  async close(): Promise<void> {
    if (this.parts.closable === undefined) throw new NotFoundException();
    await unlessNotNow(this.parts.closable.close());
  }
}

async function unlessNotNow<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const mayPass = error instanceof Error && 'retriable' in error && error.retriable === true;
    throw mayPass ? new ServiceUnavailableException(error.message) : error;
  }
}
