import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Module } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FakeProcess } from '../testing/fake-process.js';
import { runApp } from './run-app.js';
import type { AppToRun } from './run-app.js';

const ANY_PORT = { host: '127.0.0.1', port: 0 };

class ForeseenError extends Error {
  readonly exitCode = 75;
}

/** An app that notes when it was closed. */
@Module({})
class SmallModule implements OnModuleDestroy {
  static closed = 0;
  static closing: () => Promise<void> = () => Promise.resolve();

  async onModuleDestroy(): Promise<void> {
    await SmallModule.closing();
    SmallModule.closed++;
  }
}

const small = async (rest: Partial<AppToRun> = {}): Promise<AppToRun> => ({
  app: await NestFactory.create(SmallModule, { logger: false, abortOnError: false }),
  http: ANY_PORT,
  ...rest,
});

beforeEach(() => {
  SmallModule.closed = 0;
  SmallModule.closing = () => Promise.resolve();
});

describe('runApp', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('closes once and exits 0 on %s', async (signal) => {
    const host = new FakeProcess();
    await runApp(small, { host });
    host.emit(signal);
    host.emit(signal);
    expect(await host.exited).toBe(0);
    expect(SmallModule.closed).toBe(1);
    expect(host.printed).toEqual([]);
  });

  it('stops after the start when it is told to stop during the start', async () => {
    const host = new FakeProcess();
    const running = runApp(small, { host });
    host.emit('SIGTERM');
    expect(await host.exited).toBe(0);
    await running;
    expect(SmallModule.closed).toBe(1);
  });

  it('gives up on an app that does not close in time', async () => {
    const host = new FakeProcess();
    let release = (): void => undefined;
    SmallModule.closing = () => new Promise((resolve) => (release = resolve));
    await runApp(small, { host, stopDeadlineMs: 1 });
    host.emit('SIGTERM');
    expect(await host.exited).toBe(70);
    release();
  });

  it('closes the app although its work could not be stopped, and exits with the code of that', async () => {
    const host = new FakeProcess();
    await runApp(() => small({ stop: () => Promise.reject(new ForeseenError('log away')) }), { host });
    host.emit('SIGTERM');
    expect(await host.exited).toBe(75);
    expect(host.printed).toEqual(['Not closed cleanly: log away']);
    expect(SmallModule.closed).toBe(1);
  });

  it('stops the work before it closes the app', async () => {
    const host = new FakeProcess();
    let closedBefore = -1;
    const stop = (): Promise<void> => {
      closedBefore = SmallModule.closed;
      return Promise.resolve();
    };
    await runApp(() => small({ stop }), { host });
    host.emit('SIGTERM');
    expect(await host.exited).toBe(0);
    expect([closedBefore, SmallModule.closed]).toEqual([0, 1]);
  });

  it('prints why it could not start, and exits as the error says', async () => {
    const host = new FakeProcess();
    await runApp(() => Promise.reject(new ForeseenError('try again')), { host });
    expect(await host.exited).toBe(75);
    expect(host.printed).toEqual(['try again']);
  });

  it('takes an error nobody foresaw for a bug, and prints where it happened', async () => {
    const host = new FakeProcess();
    await runApp(() => Promise.reject(new TypeError('undefined is not a lane')), { host });
    expect(await host.exited).toBe(70);
    expect(host.printed[0]).toMatch(/undefined is not a lane\n\s+at /);
  });

  it('closes and exits with the reason when the work has ended by an error', async () => {
    const host = new FakeProcess();
    let fail: (error: Error) => void = () => undefined;
    const ended = new Promise<never>((_, reject) => (fail = reject));
    await runApp(() => small({ ended }), { host });
    fail(new ForeseenError('the log was replaced'));
    expect(await host.exited).toBe(75);
    expect(SmallModule.closed).toBe(1);
    expect(host.printed).toEqual(['the log was replaced']);
  });

  it('does not take work that ended while stopping for a failure', async () => {
    const host = new FakeProcess();
    let fail: (error: Error) => void = () => undefined;
    const ended = new Promise<never>((_, reject) => (fail = reject));
    SmallModule.closing = () => {
      fail(new Error('stopped'));
      return Promise.resolve();
    };
    await runApp(() => small({ ended }), { host });
    host.emit('SIGTERM');
    expect(await host.exited).toBe(0);
    expect(host.printed).toEqual([]);
  });

  it('names HTTP_PORT when the port is taken, and exits 78', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const host = new FakeProcess();
    await runApp(() => small({ http: { host: '127.0.0.1', port } }), { host });
    expect(await host.exited).toBe(78);
    expect(host.printed[0]).toBe(
      `HTTP_PORT=${port}, HTTP_HOST=127.0.0.1: another process listens there already; stop it, or set HTTP_PORT to a free port`,
    );
    expect(SmallModule.closed).toBe(1);
    await new Promise((resolve) => other.close(resolve));
  });

  it('prints what nobody caught and exits at once', async () => {
    const host = new FakeProcess();
    await runApp(small, { host });
    host.emit('uncaughtException', new ForeseenError('broken'));
    expect(await host.exited).toBe(75);
    host.emit('SIGTERM');
  });
});

describe('runApp under a parent', () => {
  it('tells the parent the port it really got', async () => {
    const host = new FakeProcess(true);
    const { app } = await small();
    await runApp(() => Promise.resolve({ app, http: ANY_PORT }), { host });
    const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
    expect(port).toBeGreaterThan(0);
    expect(host.told).toEqual([{ type: 'listening', port }, { type: 'started' }]);
    expect(host.isParentReleased).toBe(true);
    host.emit('SIGTERM');
    expect(await host.exited).toBe(0);
  });

  it('answers HTTP before the work is taken up, and tells the parent when it is', async () => {
    const host = new FakeProcess(true);
    const { app } = await small();
    let started = (): void => undefined;
    const start = (): Promise<void> => new Promise((resolve) => (started = resolve));
    const running = runApp(() => Promise.resolve({ app, http: ANY_PORT, start }), { host });
    while (host.told.length === 0) await new Promise(setImmediate);
    expect((await fetch(await app.getUrl())).status).toBe(404);
    expect(host.told).toHaveLength(1);
    started();
    await running;
    expect(host.told.at(-1)).toEqual({ type: 'started' });
    host.emit('SIGTERM');
    expect(await host.exited).toBe(0);
  });

  it('has a start that is still under way ended by the stop', async () => {
    const host = new FakeProcess(true);
    let giveUp: (reason: Error) => void = () => undefined;
    const start = (): Promise<void> => new Promise((_, reject) => (giveUp = reject));
    const stop = (): Promise<void> => {
      giveUp(new Error('given up'));
      return Promise.resolve();
    };
    const running = runApp(() => small({ start, stop }), { host });
    while (host.told.length === 0) await new Promise(setImmediate);
    host.emit('SIGTERM');
    expect(await host.exited).toBe(0);
    await running;
    expect([host.printed, host.told.length, SmallModule.closed]).toEqual([[], 1, 1]);
  });

  it('hears that its parent is going to stop it, and goes on until then', async () => {
    const host = new FakeProcess(true);
    let announced = 0;
    await runApp(() => small({ stopAnnounced: () => (announced += 1) }), { host });
    host.emit('message', { type: 'other' });
    host.emit('message', { type: 'stopping' });
    expect([announced, SmallModule.closed]).toEqual([1, 0]);
    host.emit('SIGTERM');
    expect(await host.exited).toBe(0);
  });

  it('leaves SIGINT to the parent, and stops when the parent is gone', async () => {
    const host = new FakeProcess(true);
    await runApp(small, { host });
    expect(host.emit('SIGINT')).toBe(true);
    expect(SmallModule.closed).toBe(0);
    host.emit('disconnect');
    expect(await host.exited).toBe(0);
    expect(SmallModule.closed).toBe(1);
  });

  it('listens for no parent where there is none', async () => {
    const host = new FakeProcess();
    await runApp(small, { host });
    expect(host.emit('disconnect')).toBe(false);
    expect(host.told).toEqual([]);
    host.emit('SIGTERM');
    expect(await host.exited).toBe(0);
  });
});
