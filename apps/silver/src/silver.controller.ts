import { LayerWork } from '@engine/layer-app';
import type { LogBatch } from '@engine/stream';
import { LaneHandler } from '@engine/stream/nest';
import { Controller } from '@nestjs/common';

/** Receives what silver reads. */
@Controller()
export class SilverController {
  constructor(private readonly work: LayerWork) {}

  @LaneHandler('bronze-ticks')
  onBronzeTicks(batch: LogBatch): Promise<void> {
    return this.work.batch(batch);
  }
}
