import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { checkMemory } from '../doctor/checks/memory.js';
import { checkNode } from '../doctor/checks/node.js';
import type { Surroundings } from '../doctor/finding.js';
import { makeWalkLake, walkTicks } from '../report/testing/walk-lake.js';
import { DataFolderLock } from '../up/data-folder-lock.js';
import { doctor } from './doctor.js';

const write = process.stdout.write.bind(process.stdout);
const env = { ...process.env };
let data: string;
let printed: string;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'engine-doctor-'));
  printed = '';
  // So that nobody's ports are in the way: nobody listens so high up.
  process.env['HTTP_PORT'] = '65500';
  process.stdout.write = (text: string | Uint8Array): boolean => {
    printed += String(text);
    return true;
  };
});
afterEach(async () => {
  process.stdout.write = write;
  process.env = { ...env };
  await rm(data, { recursive: true, force: true });
});

const run = (folder = data): Promise<number> => doctor.run(['--data', folder]);

async function openLog(clock = Date.now) {
  const { EmbeddedLog } = await import('@engine/stream/embedded');
  return EmbeddedLog.open(join(data, 'log'), { clock });
}

async function listen(): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** The lines of a finding: what it says, and what to do. */
const finding = (sign: 'ok' | 'WARN' | 'FAIL', what: string): readonly string[] =>
  printed.split(/\n(?! )/).filter((lines) => lines.startsWith(sign) && lines.slice(6).startsWith(`${what} `));

describe('engine doctor', () => {
  it('finds nothing to complain of in a folder that is not there yet, and leaves it so', async () => {
    const folder = join(data, 'new', 'one');
    expect(await run(folder)).toBe(0);
    expect(printed).not.toContain('FAIL');
    expect(finding('ok', 'Log')[0]).toContain('the first start makes it');
    expect(await readdir(data)).toEqual([]);
  });

  it('finds nothing wrong where an engine runs, and says so', async () => {
    const lock = DataFolderLock.take(data, 'http://127.0.0.1:3000');
    expect(await run()).toBe(0);
    expect(finding('ok', 'Engine')[0]).toContain(`pid ${process.pid}, http://127.0.0.1:3000`);
    lock.release();
    await run();
    expect(finding('ok', 'Engine').at(-1)).toContain('none runs on this folder');
  });

  it('names every setting that cannot be used, of all apps, with the remedy', async () => {
    Object.assign(process.env, { LANES: 'many', FEED_RATE: '-1', HTTP_HOST: '0.0.0.0' });
    expect(await run()).toBe(1);
    const settings = finding('FAIL', 'Settings').join('\n');
    expect(settings).toMatch(/LANES=many\n +give a whole number/);
    expect(settings).toMatch(/FEED_RATE=-1\n +give/);
    expect(settings).toMatch(/DASHBOARD_TOKEN is not set\n +\S/);
    expect(printed).toContain('The engine cannot run like this');
  });

  it('warns of a port that is taken, and says who steps over it', async () => {
    const server = await listen();
    process.env['HTTP_PORT'] = String(portOf(server));
    expect(await run()).toBe(0);
    expect(finding('WARN', 'Ports')[0]).toMatch(
      new RegExp(`${portOf(server)} of .* taken\n +engine up steps over`),
    );
    server.close();
  });

  it('fails at an address that is not this machine’s', async () => {
    Object.assign(process.env, { HTTP_HOST: '192.0.2.1', DASHBOARD_PUBLIC: 'true' });
    expect(await run()).toBe(1);
    expect(finding('FAIL', 'Ports')[0]).toMatch(/EADDRNOTAVAIL\)\n +set HTTP_HOST/);
  });

  it('fails on a disk that is full or takes no files', async () => {
    // The kernel's own file system: no room, and nobody can make a file in it.
    expect(await run('/proc/engine')).toBe(1);
    const [room, abilities] = finding('FAIL', 'Disk');
    expect(room).toMatch(/0 MiB free at \/proc\n +free some space/);
    expect(abilities).toMatch(/\n +make \/proc writable/);
  });

  it('fails where the log has another number of lanes', async () => {
    const log = await openLog();
    await log.ensureTopic({ name: 'bronze-ticks', partitions: 2 });
    await log.close();
    expect(await run()).toBe(1);
    expect(finding('FAIL', 'Log')[0]).toMatch(/bronze-ticks has 2 partitions, LANES=4\n +set LANES=2/);
    process.env['LANES'] = '2';
    printed = '';
    expect(await run()).toBe(0);
  });

  it('warns of a clock that is behind the log’s records', async () => {
    const log = await openLog(() => Date.now() + 3_600_000);
    await log.ensureTopic({ name: 'stock-ticks', partitions: 4 });
    const producer = await log.createProducer();
    await producer.send('stock-ticks', [{ partition: 3, value: '{}' }]);
    await log.close();
    expect(await run()).toBe(0);
    expect(finding('WARN', 'Clock')[0]).toMatch(
      /3[56]\d\d s before the newest record of stock-ticks\n +set the clock/,
    );
  });

  it('fails where nobody answers at KAFKA_BROKERS', async () => {
    const server = await listen();
    const address = `127.0.0.1:${portOf(server)}`;
    await new Promise((resolve) => server.close(resolve));
    process.env['KAFKA_BROKERS'] = address;
    expect(await run()).toBe(1);
    expect(finding('FAIL', 'Log')[0]).toMatch(
      new RegExp(`${address}: no broker can be reached.*\n +start the broker`),
    );
  });

  describe('looks at a lake', () => {
    beforeEach(() => makeWalkLake(data, walkTicks(['AAPL', 'MSFT', 'TSLA', 'NVDA'], 1_000)));

    it('that goes further than its log: fails, and says what to do', async () => {
      process.env['LANES'] = '2';
      expect(await run()).toBe(1);
      expect(finding('FAIL', 'Lake').join('\n')).toMatch(
        /silver\/ticks, lane 1, goes to offset \d+, bronze-ticks only to 0: .*\n +.*engine lake archive/,
      );
      expect(existsSync(join(data, 'log'))).toBe(false);
    });

    it('that has more lanes than LANES: fails', async () => {
      process.env['LANES'] = '1';
      expect(await run()).toBe(1);
      expect(finding('FAIL', 'Lake').join('\n')).toMatch(/it has lane 1, LANES=1\n +set LANES as it was/);
    });

    it('that cannot be read: fails, and names the file', async () => {
      const lane = join(data, 'lake', 'silver', 'ticks', 'lane=0');
      const name = (await readdir(lane)).find((candidate) => candidate.endsWith('.parquet'))!;
      await truncate(join(lane, name), 100);
      expect(await run()).toBe(1);
      expect(finding('FAIL', 'Lake').join('\n')).toMatch(new RegExp(`${name}[^]*engine verify`));
      expect(finding('FAIL', 'Log')).toEqual([]);
    });
  });

  it('refuses what it does not know', async () => {
    await expect(doctor.run(['everything'])).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe('what cannot be brought about here', () => {
  const nowhere = {} as Surroundings;

  it.each([
    ['v18.20.4', 'fail'],
    ['v20.18.3', 'fail'],
    ['v20.19.0', 'ok'],
    ['v24.1.0', 'ok'],
  ])('Node.js %s: %s', async (version, outcome) => {
    expect(await checkNode(version)(nowhere)).toMatchObject([{ outcome }]);
  });

  it('too little memory: a warning', async () => {
    const of = (mib: number) => checkMemory(() => mib * 1024 * 1024)(nowhere);
    expect(await of(700)).toMatchObject([{ outcome: 'warn', detail: '700 MiB available' }]);
    expect(await of(4_000)).toMatchObject([{ outcome: 'ok' }]);
  });
});
