import 'reflect-metadata';
import { Controller } from '@nestjs/common';
import type { INestMicroservice, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { of, throwError } from 'rxjs';
import type { Observable } from 'rxjs';
import { SendOutcomeUnknownError } from '../index.js';
import type { ConsumerOptions, Log, LogBatch, LogConsumer } from '../index.js';
import {
  DuplicateHandlerError,
  LaneHandler,
  LaneServer,
  MissingHandlerError,
  UnknownLaneError,
} from '../nest.js';
import type { LaneLifecycle } from '../nest.js';
import { MemoryLog } from '../testing.js';

class Lanes implements LaneLifecycle {
  readonly calls: string[] = [];
  assigned(partitions: readonly number[]): Promise<ReadonlyMap<number, number>> {
    this.calls.push(`assigned ${partitions.join(' ')}`);
    return Promise.resolve(new Map(partitions.map((partition) => [partition, 0])));
  }
  revoked(partitions: readonly number[]): Promise<void> {
    this.calls.push(`revoked ${partitions.join(' ')}`);
    return Promise.resolve();
  }
}

class SilverBroke extends Error {}

const seen: string[] = [];

@Controller()
class SilverController {
  @LaneHandler('bronze-ticks')
  async onBatch(batch: LogBatch): Promise<void> {
    await new Promise(setImmediate);
    seen.push(...batch.records.map(({ value }) => `${batch.topic} ${value?.toString() ?? ''}`));
  }
}

@Controller()
class BrokenController {
  @LaneHandler('bronze-ticks')
  onBatch(): Promise<void> {
    return Promise.reject(new SilverBroke('lane 3 is odd'));
  }
}

@Controller()
class HesitantController {
  @LaneHandler('bronze-ticks')
  onBatch({ records }: LogBatch): Observable<unknown> {
    seen.push(`try ${records.length}`);
    return seen.length < 3 ? throwError(() => new SendOutcomeUnknownError('not now')) : of('done');
  }
}

@Controller()
class OtherController {
  @LaneHandler('silver-ticks')
  onBatch(): void {
    seen.push('other');
  }
}

describe('LaneServer', () => {
  let log: MemoryLog;
  let lanes: Lanes;
  let app: INestMicroservice | undefined;

  beforeEach(async () => {
    seen.length = 0;
    lanes = new Lanes();
    log = new MemoryLog();
    await log.ensureTopic({ name: 'test.bronze-ticks', partitions: 2 });
  });

  afterEach(async () => {
    await app?.close();
    app = undefined;
    await log.close();
  });

  function serverFor(
    options: Partial<ConsumerOptions> = {},
    from: Pick<Log, 'createConsumer'> = log,
  ): LaneServer {
    const binding = { options: { topic: 'test.bronze-ticks', ...options }, lifecycle: lanes };
    return new LaneServer({ log: from, lanes: { 'bronze-ticks': binding } });
  }

  async function start(server: LaneServer, ...controllers: Type[]): Promise<void> {
    const module = await Test.createTestingModule({ controllers }).compile();
    app = module.createNestMicroservice({ strategy: server, logger: false });
    await app.listen();
  }

  it('hands the batches of the real topic to the method marked with the logical one', async () => {
    await start(serverFor(), SilverController);
    expect(lanes.calls).toEqual(['assigned 0 1']);
    await log.deliver('test.bronze-ticks', 'a', { partition: 1, value: 'b' });
    expect(seen.sort()).toEqual(['test.bronze-ticks a', 'test.bronze-ticks b']);
  });

  it('stops the consumer when the app closes', async () => {
    const server = serverFor();
    await start(server, SilverController);
    await app?.close();
    await server.ended;
    expect(lanes.calls).toEqual(['assigned 0 1', 'revoked 0 1']);
    await log.deliver('test.bronze-ticks', 'a');
    expect(seen).toEqual([]);
  });

  it('lets the error of a handler survive, class and all', async () => {
    const server = serverFor();
    await start(server, BrokenController);
    await log.deliver('test.bronze-ticks', 'a');
    await expect(server.ended).rejects.toThrow(SilverBroke);
    await expect(server.ended).rejects.toThrow('lane 3 is odd');
    expect(lanes.calls).toEqual(['assigned 0 1', 'revoked 0 1']);
  });

  it('waits for the Observable of a handler, and tries again what may be tried again', async () => {
    await start(serverFor(), HesitantController);
    await log.deliver('test.bronze-ticks', 'a');
    expect(seen).toEqual(['try 1', 'try 1', 'try 1']);
    expect(lanes.calls).toEqual(['assigned 0 1', 'revoked 0', 'assigned 0', 'revoked 0', 'assigned 0']);
  });

  it('reports positions to the consumer of a handled topic, and where there is none to nobody', async () => {
    const told: [number, number][] = [];
    const createConsumer = (options: ConsumerOptions): LogConsumer => {
      const consumer = log.createConsumer(options);
      consumer.reportPosition = (...position) => Promise.resolve(void told.push(position));
      return consumer;
    };
    const server = serverFor({}, { createConsumer });
    await server.reportPosition('bronze-ticks', 1, 6);
    await start(server, SilverController);
    await server.reportPosition('bronze-ticks', 1, 7);
    await server.reportPosition('silver-ticks', 1, 8);
    expect(told).toEqual([[1, 7]]);
  });

  it('refuses two handlers for one topic', async () => {
    await expect(start(serverFor(), SilverController, BrokenController)).rejects.toThrow(
      DuplicateHandlerError,
    );
  });

  it('refuses a handler for a topic it does not consume', async () => {
    await expect(start(serverFor(), SilverController, OtherController)).rejects.toThrow(UnknownLaneError);
  });

  it('refuses to start without a handler, and names the line to add', async () => {
    const server = serverFor();
    await expect(start(server)).rejects.toThrow(MissingHandlerError);
    await expect(server.ended).rejects.toThrow("@LaneHandler('bronze-ticks')");
  });

  it('does not start when a consumer cannot', async () => {
    const server = serverFor({ topic: 'test.missing' });
    await expect(start(server, SilverController)).rejects.toThrow('There is no topic test.missing');
  });
});
