import { EngineMetrics } from '@engine/observability';

import { DeltaReports } from './delta-reports.js';
import { LaneDelta } from './lane-delta.js';

/** Logs that are written when the test says so. */
class WaitingLogs {
  readonly tables = [{ name: 'silver/ticks', columns: {} }];
  readonly synced: (readonly number[])[] = [];
  isClosed = false;
  /** Fails as often as there are reasons. */
  readonly failures: string[] = [];
  #isHeld = false;
  #letGo: () => void = () => undefined;

  async sync(_: string, lanes: readonly number[]): Promise<number> {
    this.synced.push(lanes);
    if (this.#isHeld) await new Promise<void>((done) => (this.#letGo = done));
    const reason = this.failures.shift();
    if (reason !== undefined) throw new Error(reason);
    return this.synced.length - 1;
  }

  hold(): void {
    this.#isHeld = true;
  }

  letGo(): void {
    this.#isHeld = false;
    this.#letGo();
  }

  close(): void {
    this.isClosed = true;
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((done) => setTimeout(done, 1));
}

function setUp(): { logs: WaitingLogs; delta: LaneDelta; lines: string[]; metrics: EngineMetrics } {
  const logs = new WaitingLogs();
  const lines: string[] = [];
  const write = (line: string): void => {
    lines.push(line);
  };
  const metrics = new EngineMetrics('silver');
  const reports = new DeltaReports(metrics.lake, { log: write, warn: write, error: write });
  return { logs, lines, metrics, delta: new LaneDelta(logs, 1, reports) };
}

it('tells the logs what the last owner of a lane left, and then of what changes', async () => {
  const { logs, delta } = setUp();
  delta.own([1, 2]);
  await until(() => logs.synced.length === 1);
  delta.changed('silver/ticks');
  delta.changed('silver/ticks');
  await until(() => logs.synced.length === 2);
  expect(logs.synced).toEqual([
    [1, 2],
    [1, 2],
  ]);
  await delta.close();
  expect(logs.isClosed).toBe(true);
});

it('tells them what was published last before it lets a lane go, and keeps nobody waiting before', async () => {
  const { logs, delta } = setUp();
  delta.own([1, 2]);
  await until(() => logs.synced.length === 1);
  logs.hold();
  delta.changed('silver/ticks');
  let isReleased = false;
  const released = delta.release([1]).then(() => (isReleased = true));
  await until(() => logs.synced.length === 2);
  expect(isReleased).toBe(false);
  logs.letGo();
  await released;
  delta.changed('silver/ticks');
  await delta.close();
  expect(logs.synced.slice(1)).toEqual([[1, 2], [2]]);
});

it('writes nothing of lanes that are not ours', async () => {
  const { logs, delta } = setUp();
  delta.changed('silver/ticks');
  await delta.close();
  expect(logs.synced).toEqual([]);
});

it('tries again what fails, says so once, and counts it; nobody else notices', async () => {
  const { logs, delta, lines, metrics } = setUp();
  logs.failures.push('no room', 'no room');
  delta.own([0]);
  await until(() => logs.synced.length === 3);
  await delta.release([0]);
  await delta.close();
  expect(lines).toEqual([
    'silver/ticks: its Delta log is behind: no room. The table itself is not touched by it; it is tried again',
  ]);
  const { text } = await metrics.scrape();
  expect(text).toContain('engine_delta_failures_total{layer="silver",table="silver/ticks"} 2');
  expect(text).toContain('engine_delta_version{layer="silver",table="silver/ticks"} 2');
});

it('ends although it cannot be written', async () => {
  const { logs, delta } = setUp();
  delta.own([0]);
  await until(() => logs.synced.length === 1);
  logs.failures.push('no room', 'no room', 'no room');
  delta.changed('silver/ticks');
  await delta.close();
  expect(logs.isClosed).toBe(true);
});
