import { StallWatch } from './stall-watch.js';
import type { Worker } from './stall-watch.js';

const STALL_MS = 60_000;
const START = Date.UTC(2026, 0, 1, 12);

/** A watch over one lane, whose clock goes only when it is told to. */
class Watched {
  nowMs = 0;
  lane: Worker = { name: 'lane 2', waiting: '7 records wait', mark: '100' };
  look: () => Promise<readonly Worker[]> = () => Promise.resolve([this.lane]);
  readonly watch = new StallWatch(() => this.look(), STALL_MS, {
    monotonicMs: () => this.nowMs,
    epochMs: () => START + this.nowMs,
  });

  /** What is answered after so many ms more. */
  async after(ms: number, change: Partial<Worker> = {}): Promise<string> {
    this.nowMs += ms;
    this.lane = { ...this.lane, ...change };
    const { up, reason } = await this.watch.check();
    return up ? 'live' : (reason ?? '');
  }
}

let lane: Watched;
beforeEach(() => {
  lane = new Watched();
});

const stalledSince = (iso: string): string => `lane 2: no progress since ${iso} while 7 records wait`;

it('tells of a lane that stood still for so long, with what waits and since when', async () => {
  expect(await lane.after(1_000)).toBe('live');
  expect(await lane.after(30_000)).toBe('live');
  expect(await lane.after(29_999)).toBe('live');
  expect(await lane.after(1)).toBe(stalledSince('2026-01-01T12:00:01.000Z'));
  expect(await lane.after(5_000)).toBe(stalledSince('2026-01-01T12:00:01.000Z'));
});

it('takes it back when the lane moves on', async () => {
  await lane.after(0);
  await lane.after(30_000);
  expect(await lane.after(30_000)).not.toBe('live');
  expect(await lane.after(1, { mark: '101' })).toBe('live');
});

it('is content with a lane that moves, however slowly and however much waits', async () => {
  for (let look = 0; look < 20; look++)
    expect(
      await lane.after(29_000, { mark: String(look), waiting: `${look * 1_000 + 1} records wait` }),
    ).toBe('live');
});

it('leaves an idle lane alone, and counts from when something waits', async () => {
  lane.lane = { ...lane.lane, waiting: null };
  for (let look = 0; look < 10; look++) expect(await lane.after(30_000)).toBe('live');
  expect(await lane.after(30_000, { waiting: '7 records wait' })).toBe('live');
  expect(await lane.after(30_000)).toBe('live');
  expect(await lane.after(30_000)).toBe(stalledSince('2026-01-01T12:05:30.000Z'));
});

it('does not take a process that was stopped for an hour for one that hangs', async () => {
  await lane.after(0);
  expect(await lane.after(3_600_000)).toBe('live');
  expect(await lane.after(100, { mark: '101' })).toBe('live');
});

it('forgets a lane that is no longer ours', async () => {
  await lane.after(0);
  await lane.after(30_000);
  lane.look = () => Promise.resolve([]);
  expect(await lane.after(30_000)).toBe('live');
  lane.look = () => Promise.resolve([lane.lane]);
  expect(await lane.after(30_000)).toBe('live');
});

it('does not count time in which it could not look, and answers although a look does not end', async () => {
  await lane.after(0);
  lane.look = () => Promise.reject(new Error('the log is away'));
  for (let look = 0; look < 5; look++) expect(await lane.after(30_000)).toBe('live');
  let end = (): void => undefined;
  lane.look = () =>
    new Promise(
      (resolve) =>
        (end = () => {
          resolve([lane.lane]);
        }),
    );
  expect(await lane.after(30_000)).toBe('live');
  end();
});
