import type { World } from './world.js';

const real = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setImmediate: globalThis.setImmediate,
  performance: globalThis.performance,
  now: Date.now,
};

/** Resolves when all that the code at hand can do without waiting for the world is done. */
export const microtasksDone = (): Promise<void> => new Promise((resolve) => real.setImmediate(resolve));

class VirtualTimer {
  isOver = false;
  ref = (): this => this;
  unref = (): this => this;
  hasRef = (): boolean => true;
}

/**
 * Puts the world's clock in the place of the global timers and clocks, and returns what puts the real ones back. Who has no
 * process in the world (a test runner) keeps the real timers.
 */
export function installVirtualTime(world: World): () => void {
  const timeout = (callback: () => void, ms = 0): unknown => {
    if (world.current === null) return real.setTimeout(callback, ms);
    const timer = new VirtualTimer();
    world.after(Math.max(ms, 0), world.current, 'timer', () => {
      if (!timer.isOver) callback();
    });
    return timer;
  };
  const clear = (timer: unknown): void => {
    if (timer instanceof VirtualTimer) timer.isOver = true;
    else real.clearTimeout(timer as NodeJS.Timeout);
  };
  const immediate = (callback: () => void): unknown => {
    if (world.current === null) return real.setImmediate(callback);
    return timeout(callback);
  };
  const startMs = world.nowMs;
  replace({
    setTimeout: timeout,
    clearTimeout: clear,
    setImmediate: immediate,
    performance: { now: () => world.nowMs - startMs },
  });
  Date.now = () => Math.floor(world.nowMs);
  return () => {
    const { now, ...globals } = real;
    replace(globals);
    Date.now = now;
  };
}

function replace(globals: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
