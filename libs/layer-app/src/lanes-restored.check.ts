import type { LaneStatus } from '@engine/contracts';
import type { Health, HealthCheck } from '@engine/observability';

import type { LayerHost } from './layer-host.js';

const STANDING_BY = 'standing by: other instances have all lanes; this one takes over when one of them ends';

/** Ready once the lanes that the log has given us are restored, and also where others have them all. */
export class LanesRestored implements HealthCheck {
  readonly key = 'lanes';

  constructor(
    private readonly host: Pick<LayerHost, 'isOpen' | 'isStarted' | 'lanesTakenOver' | 'statuses'>,
  ) {}

  async check(): Promise<Health> {
    const { isOpen, isStarted, lanesTakenOver } = this.host;
    if (!isOpen) return { up: false, reason: 'log and lake are being opened' };
    const statuses = await this.host.statuses();
    const reading = lanesTakenOver.map((lane) => `restoring lane ${lane}: reading snapshot and segments`);
    const reasons = [...reading, ...statuses.flatMap(replaying)];
    if (reasons.length > 0) return { up: false, reason: reasons.join('; ') };
    if (statuses.length > 0) return { up: true };
    return isStarted ? { up: true, note: STANDING_BY } : { up: false, reason: 'waiting for lanes' };
  }
}

function replaying({ lane, restoring }: LaneStatus): string[] {
  if (restoring === null) return [];
  const [done, total] = [restoring.done, restoring.total].map((records) => records.toLocaleString('en-US'));
  return [`restoring lane ${lane}: ${done} of ${total} records`];
}
