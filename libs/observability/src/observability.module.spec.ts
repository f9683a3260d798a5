import type { Server } from 'node:http';
import { Injectable, Module } from '@nestjs/common';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import { ControlModule } from './control/control.module.js';
import type { ControlParts } from './control/control-parts.js';
import type { Health } from './health/health-check.js';
import { EngineMetrics } from './metrics/engine-metrics.js';
import { ObservabilityModule } from './observability.module.js';
import { laneStatus } from './testing/lane-status.js';

const apps: INestApplication[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

async function serve(module: DynamicModule): Promise<ReturnType<typeof request>> {
  const testing = await Test.createTestingModule({ imports: [module] }).compile();
  const app = testing.createNestApplication({ logger: false });
  apps.push(app);
  await app.init();
  return request(app.getHttpServer() as Server);
}

const bodyOf = (response: { body: unknown }): unknown => response.body;

const observed = (check: () => Promise<Health>): DynamicModule =>
  ObservabilityModule.forApp({ metrics: new EngineMetrics('gold'), readiness: [{ key: 'lanes', check }] });

describe('ObservabilityModule', () => {
  it('is live, whatever it waits for', async () => {
    const http = await serve(observed(() => Promise.resolve({ up: false })));
    await http.get('/health/live').expect(200);
  });

  it('is not live when a check of that says so, and gives the reason', async () => {
    const stalled = { up: false, reason: 'lane 2: no progress' };
    const http = await serve(
      ObservabilityModule.forApp({
        metrics: new EngineMetrics('gold'),
        readiness: [],
        liveness: [{ key: 'progress', check: () => Promise.resolve(stalled) }],
      }),
    );
    const body = bodyOf(await http.get('/health/live').expect(503));
    expect(body).toMatchObject({ error: { progress: { status: 'down', reason: 'lane 2: no progress' } } });
    await http.get('/health/ready').expect(200);
  });

  it('says what there is to say although a check is up', async () => {
    const http = await serve(observed(() => Promise.resolve({ up: true, note: 'standing by' })));
    const body = bodyOf(await http.get('/health/ready').expect(200));
    expect(body).toMatchObject({ details: { lanes: { status: 'up', note: 'standing by' } } });
  });

  it('is ready when all checks are up', async () => {
    const http = await serve(observed(() => Promise.resolve({ up: true })));
    const body = bodyOf(await http.get('/health/ready').expect(200));
    expect(body).toMatchObject({ status: 'ok', details: { lanes: { status: 'up' } } });
  });

  it.each([
    ['says so', () => Promise.resolve({ up: false, reason: 'lane 2 is stalled' })],
    ['throws', () => Promise.reject(new Error('lane 2 is stalled'))],
  ])('is not ready when a check %s, and gives the reason', async (_, check) => {
    const http = await serve(observed(check));
    const body = bodyOf(await http.get('/health/ready').expect(503));
    expect(body).toMatchObject({
      status: 'error',
      error: { lanes: { status: 'down', reason: 'lane 2 is stalled' } },
    });
  });

  it('serves the metrics as Prometheus text', async () => {
    const http = await serve(observed(() => Promise.resolve({ up: true })));
    const { text } = await http
      .get('/metrics')
      .expect(200)
      .expect('content-type', /^text\/plain; version=0\.0\.4/);
    expect(text).toContain('# TYPE engine_lag_records gauge');
  });

  it('takes its parts from providers of the app', async () => {
    @Injectable()
    class Runner {
      readonly reason = 'restoring';
    }
    @Module({ providers: [Runner], exports: [Runner] })
    class RunnerModule {}

    const http = await serve(
      ObservabilityModule.forAppAsync({
        imports: [RunnerModule],
        inject: [Runner],
        useFactory: (runner: Runner) => ({
          metrics: new EngineMetrics('silver'),
          readiness: [{ key: 'runner', check: () => Promise.resolve({ up: false, reason: runner.reason }) }],
        }),
      }),
    );
    const body = bodyOf(await http.get('/health/ready').expect(503));
    expect(body).toMatchObject({ error: { runner: { reason: 'restoring' } } });
  });
});

describe('ControlModule', () => {
  const TOKEN = 'let-me-in';
  const lanes = { lanes: () => Promise.resolve([laneStatus()]) };
  const controlled = (parts: Partial<ControlParts>): DynamicModule =>
    ControlModule.forApp({ token: TOKEN, lanes, ...parts });

  it('shows the lanes to whoever has the token', async () => {
    const http = await serve(controlled({}));
    const body = bodyOf(await http.get('/control/lanes').set('x-control-token', TOKEN).expect(200));
    expect(body).toEqual([laneStatus()]);
  });

  it.each([[undefined], [''], ['let-me-i'], ['let-me-in!'], ['LET-ME-IN']])(
    'does not exist for the token %s',
    async (token) => {
      const http = await serve(
        controlled({ closable: { close: () => Promise.reject(new Error('called')) } }),
      );
      const headers = token === undefined ? {} : { 'x-control-token': token };
      await http.get('/control/lanes').set(headers).expect(404);
      await http.post('/control/close').set(headers).expect(404);
    },
  );

  it('does not exist for anybody when no token was set', async () => {
    const http = await serve(controlled({ token: null }));
    await http.get('/control/lanes').set('x-control-token', 'null').expect(404);
  });

  it('closes what can be closed, and answers when it is done', async () => {
    let isClosed = false;
    const close = (): Promise<void> =>
      new Promise((resolve) =>
        setImmediate(() => {
          isClosed = true;
          resolve();
        }),
      );
    const http = await serve(controlled({ closable: { close } }));
    await http.post('/control/close').set('x-control-token', TOKEN).expect(204);
    expect(isClosed).toBe(true);
  });

  it('has nothing to close in other layers', async () => {
    const http = await serve(controlled({}));
    await http.post('/control/close').set('x-control-token', TOKEN).expect(404);
  });
});
