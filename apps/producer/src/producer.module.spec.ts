import { Log } from '@engine/stream';
import { MemoryLog } from '@engine/stream/testing';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { FeedService } from './feed.service.js';
import { openFeed } from './feeds/open-feed.js';
import { readProducerSettings } from './producer.config.js';
import { ProducerModule } from './producer.module.js';

const TOKEN = 'a-token-for-control';
const folder = mkdtempSync(join(tmpdir(), 'producer-'));
const file = join(folder, 'ticks.jsonl');
const LINES = ['{"ticker":"AAPL","price":101.5,"timestamp":1700000000,"id":1}', 'not json'];
writeFileSync(file, LINES.join('\n'));

describe('the producer', () => {
  let app: INestApplication;
  let log: MemoryLog;

  async function start(env: Record<string, string>): Promise<FeedService> {
    const settings = readProducerSettings({
      DATA_DIR: folder,
      CONTROL_TOKEN: TOKEN,
      LOG_LEVEL: 'fatal',
      ...env,
    });
    const module = Test.createTestingModule({
      imports: [ProducerModule.with(settings, await openFeed(settings.feed))],
    });
    const compiled = await module.overrideProvider(Log).useValue(log).compile();
    app = compiled.createNestApplication();
    app.useLogger(false);
    await app.init();
    return app.get(FeedService);
  }
  const get = (path: string): request.Test => request(app.getHttpServer() as Server).get(path);
  const feedStatus = (): request.Test => get('/control/feed').set('x-control-token', TOKEN);

  beforeEach(() => {
    log = new MemoryLog();
  });
  afterEach(() => app.close());
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('sends a file and tells that it has ended, and stays', async () => {
    const feed = await start({ FEED: 'file', FEED_FILE: file, FEED_SPEED: 'max' });
    expect(await feed.ended).toBe(true);
    expect(
      log
        .records('stock-ticks')
        .map(({ value }) => value?.toString())
        .sort(),
    ).toEqual([...LINES].sort());
    expect((await feedStatus()).body).toEqual({ kind: 'file', rows: 2, sent: 2, skipped: 0, done: true });
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('makes ticks up until it is stopped', async () => {
    const feed = await start({ FEED: 'synthetic', FEED_RATE: '1000', TOPIC_PREFIX: 'test-', LANES: '2' });
    while (feed.status().rows < 50) await new Promise(setImmediate);
    await app.close();
    expect(await feed.ended).toBe(false);
    expect(log.records('test-stock-ticks')).toHaveLength(feed.status().rows);
    expect(await log.describeTopic('test-stock-ticks')).toMatchObject({ partitions: 2 });
  });

  it('serves health and metrics without a feed, and touches no topic', async () => {
    await start({ FEED: 'none' });
    expect((await get('/health/live')).status).toBe(200);
    expect((await get('/health/ready')).status).toBe(200);
    expect((await get('/metrics')).text).toContain('process_cpu_seconds_total');
    expect((await feedStatus()).body).toEqual({ kind: 'none', rows: 0, sent: 0, skipped: 0, done: true });
    expect(await log.describeTopic('stock-ticks')).toBeUndefined();
  });

  it('shows the feed to nobody without the token', async () => {
    await start({ FEED: 'none' });
    expect((await get('/control/feed')).status).toBe(404);
    expect((await get('/control/feed').set('x-control-token', 'another-token')).status).toBe(404);
  });

  it('is not ready while the log refuses its records, and goes on by itself', async () => {
    const sends = 3;
    for (let i = 0; i < sends; i++) log.failNextSend();
    const feed = await start({ FEED: 'file', FEED_FILE: file, FEED_SPEED: 'max' });
    const readiness: number[] = [];
    while (!feed.status().done) readiness.push((await get('/health/ready')).status);
    expect(readiness).toContain(503);
    expect((await get('/health/ready')).status).toBe(200);
    expect(log.records('stock-ticks')).toHaveLength(2);
  });
});

describe('the configuration', () => {
  it('refuses what FEED_EXIT_AT_END does not know', () => {
    expect(readProducerSettings({ DATA_DIR: folder }).exitsAtEnd).toBe(false);
    expect(readProducerSettings({ DATA_DIR: folder, FEED_EXIT_AT_END: 'true' }).exitsAtEnd).toBe(true);
    expect(() => readProducerSettings({ DATA_DIR: folder, FEED_EXIT_AT_END: 'maybe' })).toThrow(
      'FEED_EXIT_AT_END',
    );
  });
});
