import 'reflect-metadata';

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readLayerConfig } from '@engine/config';
import type { LaneStatus } from '@engine/contracts';
import type { PipelineContext } from '@engine/pipeline';
import { SendOutcomeUnknownError } from '@engine/stream';
import type { LogBatch } from '@engine/stream';
import { openLog } from '@engine/stream/open';
import { LaneHandler } from '@engine/stream/nest';
import { Controller } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';

import { LayerWork } from './layer-definition.js';
import type { LayerDefinition } from './layer-definition.js';
import { layerToRun } from './run-layer.js';
import { ask, layerEnvironment } from './testing.js';

@Controller()
class TestController {
  constructor(private readonly work: LayerWork) {}

  @LaneHandler('bronze-ticks')
  onBatch(batch: LogBatch): Promise<void> {
    return this.work.batch(batch);
  }
}

/** Does with lanes and batches what the test says; two lanes, from offset 0. */
class ScriptedWork extends LayerWork {
  lanes = new Map<number, LaneStatus>();
  onAssigned: () => Promise<void> = () => Promise.resolve();
  onBatch: () => Promise<void> = () => Promise.resolve();
  onRevoked: () => Promise<void> = () => Promise.resolve();
  batches = 0;

  constructor(readonly context: PipelineContext) {
    super();
  }

  override assigned = async (lanes: readonly number[]): Promise<ReadonlyMap<number, number>> => {
    await this.onAssigned();
    for (const lane of lanes) this.lanes.set(lane, status({ lane }));
    return new Map(lanes.map((lane) => [lane, 0]));
  };

  override batch = async (): Promise<void> => {
    this.batches++;
    await this.onBatch();
  };

  override revoked = async (lanes: readonly number[]): Promise<void> => {
    for (const lane of lanes) this.lanes.delete(lane);
    await this.onRevoked();
  };

  override statuses(): Promise<readonly LaneStatus[]> {
    return Promise.resolve([...this.lanes.values()]);
  }
}

const status = (differently: Partial<LaneStatus>): LaneStatus => ({
  lane: 0,
  inputEnd: 0,
  position: 0,
  acknowledged: true,
  watermarkUs: null,
  symbols: 0,
  verdicts: {},
  published: {},
  lastSegment: null,
  restoring: null,
  ...differently,
});

let folder: string;
let work: ScriptedWork;
let nowMs: number;
const closing: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'layer-host-'));
  nowMs = 0;
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true });
});

interface Running {
  readonly app: INestApplication;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A layer's app that answers and has not taken up its work. */
async function serve(prepare: (made: ScriptedWork) => void = () => undefined): Promise<Running> {
  const env = { ...layerEnvironment(folder), LANES: '2', STALL_MS: '60000' };
  const definition: LayerDefinition = {
    config: readLayerConfig(env, 'silver'),
    input: { handler: 'bronze-ticks', role: 'bronzeTicks', order: 'partition' },
    topics: ['bronzeTicks'],
    controller: TestController,
    clock: { monotonicMs: () => nowMs, epochMs: () => Date.UTC(2026, 0, 1) + nowMs },
    createWork: (context) => {
      const made = new ScriptedWork(context);
      prepare(made);
      return (work = made);
    },
  };
  const { app, start, stop } = await layerToRun(definition);
  closing.push(() => app.close());
  await app.listen(0, '127.0.0.1');
  return { app, start: () => start?.() ?? Promise.resolve(), stop: () => stop?.() ?? Promise.resolve() };
}

async function send(lane: number): Promise<void> {
  const log = await openLog({
    kafka: null,
    logFolder: join(folder, 'log'),
    logRetentionBytes: null,
  });
  await (await log.createProducer()).send('bronze-ticks', [{ partition: lane, value: '{}' }]);
  await log.close();
}

const reasonOf = async (app: INestApplication, path: string, key: string): Promise<[number, unknown]> => {
  const answer = await ask(app, path);
  const { details } = JSON.parse(answer.text) as { details: Record<string, Record<string, unknown>> };
  return [answer.status, details[key]?.['reason'] ?? details[key]?.['note']];
};

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

it('answers before log and lake are open: live, and not ready with the reason', async () => {
  const { app } = await serve();
  expect((await ask(app, '/health/live')).status).toBe(200);
  expect(await reasonOf(app, '/health/ready', 'lanes')).toEqual([503, 'log and lake are being opened']);
  expect((await ask(app, '/metrics')).status).toBe(200);
});

it('says which lanes it restores, and how far they are, and is live meanwhile', async () => {
  let restored = (): void => undefined;
  const { app, start } = await serve((made) => {
    made.onAssigned = () => new Promise((resolve) => (restored = resolve));
  });
  const starting = start();
  await until(async () => String((await reasonOf(app, '/health/ready', 'lanes'))[1]).startsWith('restoring'));
  expect(await reasonOf(app, '/health/ready', 'lanes')).toEqual([
    503,
    'restoring lane 0: reading snapshot and segments; restoring lane 1: reading snapshot and segments',
  ]);
  expect((await ask(app, '/health/live')).status).toBe(200);
  expect(await ask(app, '/control/lanes', true)).toEqual({ status: 200, text: '[]' });

  restored();
  await starting;
  work.lanes.set(1, status({ lane: 1, restoring: { done: 40_000, total: 1_000_000 } }));
  expect(await reasonOf(app, '/health/ready', 'lanes')).toEqual([
    503,
    'restoring lane 1: 40,000 of 1,000,000 records',
  ]);
  work.lanes.set(1, status({ lane: 1 }));
  expect((await ask(app, '/health/ready')).status).toBe(200);
  expect(JSON.parse((await ask(app, '/control/lanes', true)).text)).toHaveLength(2);
});

it('is ready, and says that it stands by, where others have all lanes', async () => {
  const { app, start } = await serve();
  await start();
  work.lanes.clear();
  const [code, note] = await reasonOf(app, '/health/ready', 'lanes');
  expect([code, note]).toEqual([200, expect.stringMatching(/^standing by: other instances have all lanes/)]);
});

it('is not live when a batch hangs: names the lane, what waits, and since when', async () => {
  let goOn = (): void => undefined;
  const { app, start } = await serve((made) => {
    made.onBatch = () => new Promise((resolve) => (goOn = resolve));
  });
  await start();
  await send(1);
  await until(() => work.batches > 0);
  work.lanes.set(1, status({ lane: 1, inputEnd: 1_234, position: 0 }));
  const live = (): Promise<[number, unknown]> => reasonOf(app, '/health/live', 'progress');
  expect(await live()).toEqual([200, undefined]);
  nowMs += 30_000;
  expect(await live()).toEqual([200, undefined]);
  nowMs += 30_000;
  expect(await live()).toEqual([
    503,
    'lane 1: no progress since 2026-01-01T00:00:00.000Z while 1,234 records wait',
  ]);
  work.lanes.set(1, status({ lane: 1, inputEnd: 1_234, position: 1 }));
  expect(await live()).toEqual([200, undefined]);
  goOn();
});

it('is live, and not ready, while what fails is tried again', async () => {
  const { app, start } = await serve((made) => {
    made.onBatch = () =>
      made.batches < 4 ? Promise.reject(new SendOutcomeUnknownError('disk full')) : Promise.resolve();
  });
  await start();
  work.lanes.set(1, status({ lane: 1, inputEnd: 1 }));
  await send(1);
  await until(async () => (await ask(app, '/health/ready')).status === 503);
  const seen = new Set<string>();
  await until(async () => {
    nowMs += 20_000;
    expect((await ask(app, '/health/live')).status).toBe(200);
    const { status: code, text } = await ask(app, '/health/ready');
    if (code === 503) seen.add(text);
    return work.batches === 4 && code === 200;
  });
  expect([...seen].join()).toContain('batch of lane 1 (attempt 1): disk full');
});

it('ends a start that is under way when it is told to stop', async () => {
  let restored: (() => void) | undefined;
  const { app, start, stop } = await serve((made) => {
    made.onAssigned = () => new Promise((resolve) => (restored = resolve));
  });
  const starting = start();
  await until(() => restored !== undefined);
  await send(1);
  const stopping = stop();
  restored?.();
  await Promise.all([stopping, starting]);
  expect(work.batches).toBe(0);
  expect(work.lanes.size).toBe(0);
  expect((await ask(app, '/health/live')).status).toBe(200);
});

it('tells at the end that rows could not be published, and gives up at once', async () => {
  const { start, stop } = await serve((made) => {
    made.onRevoked = () => {
      expect(made.context.stopping?.aborted).toBe(true);
      made.context.observer.unfinished?.('lane 1', new Error('lake: no space left'));
      return Promise.resolve();
    };
  });
  await start();
  await expect(stop()).rejects.toMatchObject({
    name: 'UncleanStopError',
    exitCode: 75,
    message:
      'silver stopped before all rows were published (lane 1: lake: no space left). ' +
      'Nothing is lost: they come again from the log at the next start.',
  });
});
