import { createHash } from 'node:crypto';
import { kafkajsVersion, requestQueuePrototype } from './kafkajs-internals.js';
import { stopIdleTimer } from './idle-timer.js';

const original = requestQueuePrototype['scheduleCheckPendingRequests'] as () => void;

const hashOf = (method: unknown): string =>
  createHash('sha256').update(String(method)).digest('hex').slice(0, 16);

describe('what is used of the inside of kafkajs', () => {
  it('is that of the version it was written for', () => {
    expect(kafkajsVersion).toBe('2.2.4');
  });

  it('has the method with the idle timer as it was when it was replaced', () => {
    expect(hashOf(original)).toBe('04347ea969c6f2e3');
  });
});

describe('the timer of the request queue', () => {
  const queue = (pending: readonly unknown[], throttledUntil = -1): { throttleCheckTimeoutId: unknown } => {
    let checks = 0;
    const made = {
      pending,
      throttledUntil,
      throttleCheckTimeoutId: null as NodeJS.Timeout | null,
      checkPendingRequests: () => (checks += 1),
      get checks() {
        return checks;
      },
    };
    return made;
  };
  const schedule = (of: object): void => {
    (requestQueuePrototype['scheduleCheckPendingRequests'] as () => void).call(of);
  };

  beforeAll(stopIdleTimer);

  it('was set by the original with nothing to wait for', () => {
    const idle = queue([]);
    original.call(idle);
    expect(idle.throttleCheckTimeoutId).not.toBeNull();
    clearTimeout(idle.throttleCheckTimeoutId as NodeJS.Timeout);
  });

  it('is not set while nothing waits', () => {
    const idle = queue([]);
    schedule(idle);
    expect(idle.throttleCheckTimeoutId).toBeNull();
  });

  it('looks again at what waits', async () => {
    const busy = queue(['a request']) as { throttleCheckTimeoutId: unknown; checks: number };
    schedule(busy);
    expect(busy.throttleCheckTimeoutId).not.toBeNull();
    while (busy.checks === 0) await new Promise(setImmediate);
    expect(busy.throttleCheckTimeoutId).toBeNull();
  });
});
