import { Controller, Get, Logger, Module } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';

import { createApp } from './process/create-app.js';

@Controller('quotes')
class QuotesController {
  @Get()
  list(): readonly string[] {
    return [];
  }
}

@Module({ controllers: [QuotesController] })
class QuotesModule {}

interface Line {
  readonly level: string;
  readonly message: string;
  readonly context?: string;
}

const write = process.stdout.write.bind(process.stdout);
let app: INestApplication;
let lines: Line[];

beforeEach(() => {
  lines = [];
  process.stdout.write = (text: string | Uint8Array): boolean => {
    lines.push(
      ...String(text)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Line),
    );
    return true;
  };
});
afterEach(async () => {
  await app.close();
  process.stdout.write = write;
});

async function start(logLevel: 'info' | 'debug'): Promise<void> {
  app = await createApp(QuotesModule, { logLevel, logFormat: 'json' }, 'quotes');
  await app.init();
  Logger.log('Listening', 'Http');
}

describe('the log of an app', () => {
  it('begins with what the app does', async () => {
    await start('info');
    expect(lines[0]).toMatchObject({ level: 'log', message: 'Listening', context: 'Http' });
  });

  it('tells how the app is put together at LOG_LEVEL=debug', async () => {
    await start('debug');
    const wiring = lines.filter(({ context }) => context !== 'Http');
    expect(wiring.map(({ message }) => message).join('\n')).toMatch(/QuotesModule[^]*\/quotes/);
    expect(new Set(wiring.map(({ level }) => level))).toContain('debug');
    expect(lines.at(-1)).toMatchObject({ level: 'log', message: 'Listening' });
  });
});
