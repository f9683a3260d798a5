import type { LaneStatus } from '@engine/contracts';
import { Controller, Get, HttpCode, Inject, NotFoundException, Post, UseGuards } from '@nestjs/common';
import { CONTROL_PARTS } from './control-parts.js';
import type { ControlParts } from './control-parts.js';
import { ControlTokenGuard } from './control-token.guard.js';

/** What the process that started this one may ask and order. */
@Controller('control')
@UseGuards(ControlTokenGuard)
export class ControlController {
  constructor(@Inject(CONTROL_PARTS) private readonly parts: ControlParts) {}

  @Get('lanes')
  lanes(): Promise<readonly LaneStatus[]> {
    return this.parts.lanes.lanes();
  }

  /** Closes what is still open; 404 where the layer has nothing to close. */
  @Post('close')
  @HttpCode(204)
  async close(): Promise<void> {
    if (this.parts.closable === undefined) throw new NotFoundException();
    await this.parts.closable.close();
  }
}
