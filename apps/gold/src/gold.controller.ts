import { LayerWork } from '@engine/layer-app';
import type { LogBatch } from '@engine/stream';
import { LaneHandler } from '@engine/stream/nest';
import { Controller } from '@nestjs/common';

/** Receives what gold reads. */
@Controller()
export class GoldController {
  constructor(private readonly work: LayerWork) {}

  @LaneHandler('silver-ticks')
  onSilverTicks(batch: LogBatch): Promise<void> {
    return this.work.batch(batch);
  }
}
