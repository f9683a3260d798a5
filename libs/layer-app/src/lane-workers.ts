import type { LaneStatus } from '@engine/contracts';
import type { Worker } from '@engine/observability';

import type { LayerHost } from './layer-host.js';

/**
 * The lanes as the stall watch sees them. A lane that publishes while it reads no further (back-pressure), and one whose
 * attempts fail and are repeated (a full disk, a broker that is away), give signs of life: a restart would heal neither.
 */
export async function laneWorkers(
  host: Pick<LayerHost, 'statuses' | 'troubles'>,
): Promise<readonly Worker[]> {
  const statuses = await host.statuses();
  return statuses.map((status) => ({
    name: `lane ${status.lane}`,
    waiting: waitingIn(status),
    mark: JSON.stringify([status.position, status.published, host.troubles.attempts]),
  }));
}

function waitingIn({ inputEnd, position, acknowledged }: LaneStatus): string | null {
  const lag = inputEnd - position;
  if (lag > 0) return `${lag.toLocaleString('en-US')} records wait`;
  return acknowledged ? null : 'what was sent is not acknowledged';
}
