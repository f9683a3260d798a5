import type { UpkeepReport } from '@engine/lake';
import { EngineMetrics } from '@engine/observability';

import { LaneUpkeep } from './lane-upkeep.js';
import { UpkeepReports } from './upkeep-reports.js';

const idle: UpkeepReport = {
  segments: 3,
  compactedSegments: 1,
  bytes: 700,
  compaction: undefined,
  floor: undefined,
  removed: 0,
};
const table = { name: 'silver/ticks', columns: {} };

/** A lake whose chains are tended when the test says so. */
class WaitingLake {
  readonly tables = [table];
  readonly tended: number[] = [];
  isInterrupted = false;
  isClosed = false;
  #settle: { done: (report: UpkeepReport) => void; failed: (error: Error) => void } | undefined;

  tend(_: unknown, lane: number): Promise<UpkeepReport> {
    this.tended.push(lane);
    return new Promise((done, failed) => {
      this.#settle = { done, failed };
    });
  }

  end(report = idle): void {
    this.#settle?.done(report);
  }

  interrupt(): void {
    this.isInterrupted = true;
    this.#settle?.failed(new Error('INTERRUPT'));
  }

  close(): void {
    this.isClosed = true;
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((done) => setTimeout(done, 1));
}

function setUp(): { lake: WaitingLake; upkeep: LaneUpkeep; lines: string[]; metrics: EngineMetrics } {
  const lake = new WaitingLake();
  const lines: string[] = [];
  const write = (line: string): void => {
    lines.push(line);
  };
  const metrics = new EngineMetrics('silver');
  const reports = new UpkeepReports(metrics.lake, { log: write, warn: write, error: write });
  return { lake, lines, metrics, upkeep: new LaneUpkeep(lake, 1, reports) };
}

it('tends one chain after another, of the lanes that are ours, again and again', async () => {
  const { lake, upkeep } = setUp();
  upkeep.own([2, 5]);
  for (let times = 1; times <= 4; times++) {
    await until(() => lake.tended.length === times);
    lake.end();
  }
  expect(lake.tended).toEqual([2, 5, 2, 5]);
  await upkeep.close();
  expect(lake.isClosed).toBe(true);
});

it('tends a chain again at once as long as something was compacted, but not for ever', async () => {
  const { lake, upkeep } = setUp();
  upkeep.own([2, 5]);
  const compaction = { first: 0, next: 9, rows: 8, files: 3, bytesBefore: 600, bytesAfter: 500 };
  for (let times = 1; times <= 8; times++) {
    await until(() => lake.tended.length === times);
    lake.end(times === 6 ? idle : { ...idle, compaction });
  }
  expect(lake.tended).toEqual([2, 2, 2, 2, 5, 5, 2, 2]);
  await until(() => lake.tended.length === 9);
  lake.end();
  await upkeep.close();
});

it('interrupts what is done in a lane that is given up, and says nothing of it', async () => {
  const { lake, upkeep, lines, metrics } = setUp();
  upkeep.own([2]);
  await until(() => lake.tended.length === 1);
  lake.end();
  await until(() => lake.tended.length === 2);
  expect((await metrics.scrape()).text).toContain(
    'engine_lake_bytes{layer="silver",table="silver/ticks",lane="2"} 700',
  );
  await upkeep.release([2]);
  expect(lake.isInterrupted).toBe(true);
  expect(lines).toEqual([]);
  expect((await metrics.scrape()).text).not.toContain('engine_lake_bytes{');
  await upkeep.close();
  expect(lake.tended).toEqual([2, 2]);
});

it('tells what was done, and what fails once for as long as it lasts', async () => {
  const { upkeep, lines, metrics } = setUp();
  await upkeep.close();
  const reports = new UpkeepReports(metrics.lake, {
    log: (line: string) => lines.push(line),
    warn: (line: string) => lines.push(line),
    error: () => undefined,
  });
  reports.failed('silver/ticks', 2, new Error('no space'));
  reports.failed('silver/ticks', 2, new Error('no space'));
  const compaction = { first: 0, next: 9, rows: 8, files: 3, bytesBefore: 600, bytesAfter: 500 };
  reports.tended('silver/ticks', 2, { ...idle, compaction, floor: 4, removed: 2 });
  expect(lines).toEqual([
    'silver/ticks/lane=2: not compacted: no space. Nothing is lost by it; it is tried again',
    'silver/ticks/lane=2: 3 segments of offsets [0, 9) compacted into one: 8 rows, 600 B before, 500 B after',
    'silver/ticks/lane=2: rows below offset 4 are retired',
    'silver/ticks/lane=2: 2 files removed that were compacted or retired before',
  ]);
  const { text } = await metrics.scrape();
  for (const sample of [
    'engine_lake_files{layer="silver",table="silver/ticks",lane="2",level="0"} 2',
    'engine_lake_files{layer="silver",table="silver/ticks",lane="2",level="1"} 1',
    'engine_compactions_total{layer="silver",table="silver/ticks"} 1',
    'engine_compacted_bytes_total{layer="silver",table="silver/ticks"} 600',
    'engine_removed_files_total{layer="silver",table="silver/ticks"} 2',
    'engine_upkeep_failures_total{layer="silver",table="silver/ticks"} 2',
  ])
    expect(text).toContain(sample);
});
