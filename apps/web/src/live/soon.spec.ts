import { atMostEvery, settle, soon } from './soon.js';

/** A browser's clock that goes on when the test says so. */
class Clock {
  nowMs = 0;
  #timers: { task: () => void; atMs: number }[] = [];

  readonly window = {
    setTimeout: (task: () => void, ms: number) => this.#timers.push({ task, atMs: this.nowMs + ms }),
    clearTimeout: (id: number | undefined) => {
      if (id !== undefined) this.#timers[id - 1] = { task: () => undefined, atMs: Infinity };
    },
  };

  advance(ms: number): void {
    const end = this.nowMs + ms;
    for (;;) {
      const next = Math.min(...this.#timers.map(({ atMs }) => atMs));
      if (next > end) break;
      this.nowMs = next;
      const at = this.#timers.findIndex(({ atMs }) => atMs === next);
      const { task } = this.#timers[at]!;
      this.window.clearTimeout(at + 1);
      task();
    }
    this.nowMs = end;
  }
}

describe('what is shown soon', () => {
  const clock = new Clock();
  const now = performance.now.bind(performance);
  beforeAll(() => {
    Object.assign(globalThis, { window: clock.window });
    performance.now = () => clock.nowMs;
  });
  afterEach(() => {
    clock.advance(10_000);
  });
  afterAll(() => {
    Reflect.deleteProperty(globalThis, 'window');
    performance.now = now;
  });

  it('comes with all of its burst', () => {
    const ran: [string, number][] = [];
    soon(() => ran.push(['a', performance.now()]));
    clock.advance(5);
    soon(() => ran.push(['b', performance.now()]));
    clock.advance(100);
    expect(ran.map(([name]) => name)).toEqual(['a', 'b']);
    expect(ran[0]![1]).toBe(ran[1]![1]);
  });

  it('comes at most so often where it is asked for, with a burst', () => {
    const schedule = atMostEvery(250);
    const start = performance.now();
    const ran: number[] = [];
    for (let burst = 0; burst < 10; burst++) {
      soon(() => undefined);
      schedule(() => ran.push(performance.now() - start));
      clock.advance(100);
    }
    // The first at once; those planned before the time was over come together with the first burst after it.
    expect(new Set(ran)).toEqual(new Set([8, 308, 608, 908]));
  });

  it('comes by itself when no burst follows', () => {
    const schedule = atMostEvery(250);
    let runs = 0;
    schedule(() => runs++);
    clock.advance(200);
    schedule(() => runs++);
    clock.advance(1_000);
    expect(runs).toBe(2);
  });

  it('is shown at once when the picture is to stand still, and not again', () => {
    const ran: string[] = [];
    soon(() => ran.push('watched'));
    atMostEvery(500)(() => ran.push('read'));
    settle();
    expect(ran).toEqual(['watched', 'read']);
    clock.advance(10_000);
    expect(ran).toHaveLength(2);
  });
});
