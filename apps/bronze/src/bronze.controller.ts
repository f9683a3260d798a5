import { LayerWork } from '@engine/layer-app';
import type { LogBatch } from '@engine/stream';
import { LaneHandler } from '@engine/stream/nest';
import { Controller } from '@nestjs/common';

/** Receives what bronze reads. */
@Controller()
export class BronzeController {
  constructor(private readonly work: LayerWork) {}

  @LaneHandler('stock-ticks')
  onStockTicks(batch: LogBatch): Promise<void> {
    return this.work.batch(batch);
  }
}
