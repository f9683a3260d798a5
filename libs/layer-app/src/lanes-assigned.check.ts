import type { Readiness, ReadinessCheck } from '@engine/observability';

import type { LayerWork } from './layer-definition.js';

/** Ready once the log has given us lanes. */
export class LanesAssigned implements ReadinessCheck {
  readonly key = 'lanes';

  constructor(private readonly work: LayerWork) {}

  async check(): Promise<Readiness> {
    const lanes = await this.work.statuses();
    return lanes.length > 0
      ? { up: true }
      : { up: false, reason: 'no lane is assigned to this instance yet' };
  }
}
