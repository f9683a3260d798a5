import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDashboardConfig } from '@engine/config';
import type { Environment } from '@engine/config';
import { encodeUpdate } from '@engine/contracts';
import { DuckDbLake } from '@engine/lake';
import { laneOf, tables } from '@engine/medallion';
import type { GoldUpdate, TableBatch } from '@engine/medallion';
import { Log } from '@engine/stream';
import { MemoryLog } from '@engine/stream/testing';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import { Clock } from '../clock.js';
import { DashboardModule } from '../dashboard.module.js';
import { ApiDescription } from '../openapi/api-description.js';
import { PageFolder } from '../page/page-folder.js';
import { RateLimits } from '../security/rate-limits.js';
import { silverRecord } from './rows.js';
import type { Tick } from './rows.js';

const LANES = 4;

/** Stands still until a test moves it. */
class TestClock extends Clock {
  nowMs = Date.UTC(2024, 2, 1, 12);

  monotonicMs(): number {
    return this.nowMs;
  }

  epochMs(): number {
    return this.nowMs;
  }
}

/** No test asks so often that it must be refused, but for the one that is about that. */
const UNLIMITED: RateLimits = { api: 1_000_000, login: 1_000_000 };

export interface Differently {
  readonly limits?: RateLimits;
  /** The built web page; default: none. */
  readonly pageFolder?: string;
}

export interface Published {
  readonly next: number;
  readonly batch: TableBatch;
  readonly watermark: number;
  readonly lane?: number;
  /** Of bronze/events: JSON, per lane the last coordinate sent there. */
  readonly lanes?: string;
}

/** The real dashboard over a log in memory and a lake in a temporary folder. */
export class RunningDashboard {
  private constructor(
    private readonly app: INestApplication,
    private readonly folder: string,
    readonly log: MemoryLog,
    private readonly clock: TestClock,
  ) {}

  /** Started after `prepare` has filled log and lake. */
  static async start(
    prepare: (lake: TestLake, log: MemoryLog) => Promise<void> = () => Promise.resolve(),
    env: Environment = {},
    { limits = UNLIMITED, pageFolder }: Differently = {},
  ): Promise<RunningDashboard> {
    const folder = await mkdtemp(join(tmpdir(), 'dashboard-'));
    const clock = new TestClock();
    const log = new MemoryLog({ clock: () => clock.nowMs });
    await log.ensureTopic({ name: 'gold-updates', partitions: LANES });
    await prepare(new TestLake(join(folder, 'lake')), log);
    const config = readDashboardConfig({ DATA_DIR: folder, LANES: String(LANES), ...env });
    const testing = await Test.createTestingModule({ imports: [DashboardModule.with(config)] })
      .overrideProvider(Log)
      .useValue(log)
      .overrideProvider(RateLimits)
      .useValue(limits)
      .overrideProvider(PageFolder)
      .useValue({ path: pageFolder ?? join(folder, 'no-page') })
      .overrideProvider(Clock)
      .useValue(clock)
      .compile();
    const app = testing.createNestApplication();
    app.useLogger(false);
    app.get(ApiDescription).describe(app);
    await app.listen(0, '127.0.0.1');
    await log.settled();
    return new RunningDashboard(app, folder, log, clock);
  }

  /** What gold says; resolves when the dashboard has heard it. */
  async hear(...updates: readonly GoldUpdate[]): Promise<void> {
    for (const update of updates)
      await this.log.deliver('gold-updates', {
        partition: laneOf(update.symbol, LANES),
        ...encodeUpdate(update),
      });
  }

  /** What silver says of ticks of AAPL's lane, as one message; resolves when the dashboard has heard it. */
  async hearTicks(...ticks: readonly Tick[]): Promise<void> {
    await this.log.deliver('silver-ticks', silverRecord(...ticks));
  }

  get url(): string {
    const { port } = (this.app.getHttpServer() as Server).address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** What Express has routes for, as `GET /api/bars`. */
  get routes(): readonly string[] {
    const { router } = this.app.getHttpAdapter().getInstance() as {
      router: { stack: readonly { route?: { path: string; methods: Record<string, boolean> } }[] };
    };
    return router.stack.flatMap(({ route }) =>
      Object.keys(route?.methods ?? {}).map((method) => `${method.toUpperCase()} ${String(route?.path)}`),
    );
  }

  /** What was read from the lake before is not fresh any more. */
  letTimePass(ms = 3_600_000): void {
    this.clock.nowMs += ms;
  }

  get http(): ReturnType<typeof request> {
    return request(this.app.getHttpServer() as Server);
  }

  get lake(): TestLake {
    return new TestLake(join(this.folder, 'lake'));
  }

  /** The JSON of a 200. */
  async get(path: string): Promise<unknown> {
    const { body } = (await this.http.get(path).expect(200)) as { body: unknown };
    return body;
  }

  /** The items of a list. */
  async items(path: string): Promise<readonly Record<string, unknown>[]> {
    return ((await this.get(path)) as { items: readonly Record<string, unknown>[] }).items;
  }

  async stop(): Promise<void> {
    await this.app.close();
    await rm(this.folder, { recursive: true });
  }
}

/** A lake to publish to, in AAPL's lane unless said otherwise. */
export class TestLake {
  constructor(private readonly folder: string) {}

  async publish(...segments: readonly Published[]): Promise<void> {
    const lake = await DuckDbLake.open({ folder: this.folder });
    for (const { batch, next, watermark, lanes = null, lane = laneOf('AAPL', LANES) } of segments) {
      const table = tables.find(({ name }) => name === batch.schema.name);
      if (table === undefined) throw new Error(`No table ${batch.schema.name}`);
      const chain = await lake.open(table, lane);
      await chain.publish({
        next,
        batches: [batch],
        rules: '1',
        topic: 'silver-ticks',
        watermark,
        lanes,
        through: null,
      });
    }
    lake.close();
  }
}
