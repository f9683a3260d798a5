import { resolve } from 'node:path';
import { readDashboardConfig } from './dashboard-config.js';
import { InvalidEnvironmentError } from './environment-error.js';
import { readLayerConfig } from './layer-config.js';
import { readProducerConfig } from './producer-config.js';
import type { Environment } from './read-env.js';

const DATA_DIR = '/data';

/** `VARIABLE: remedy` of every problem. */
const problemsOf = (read: () => unknown): readonly string[] => {
  try {
    read();
  } catch (error) {
    if (error instanceof InvalidEnvironmentError)
      return error.problems.map((it) => `${it.variable}: ${it.remedy}`);
    throw error;
  }
  return [];
};

const layerProblems = (env: Environment): readonly string[] =>
  problemsOf(() => readLayerConfig(env, 'silver'));

describe('readLayerConfig', () => {
  it('has the documented defaults', () => {
    expect(readLayerConfig({ DATA_DIR, LOG_FORMAT: 'json' }, 'silver')).toEqual({
      app: 'silver',
      transport: 'embedded',
      kafka: null,
      logFolder: '/data/log',
      logRetentionBytes: null,
      lakeFolder: '/data/lake',
      lanes: 4,
      topicPrefix: '',
      http: { host: '127.0.0.1', port: 3003 },
      logLevel: 'info',
      logFormat: 'json',
      stallMs: 60_000,
      controlToken: null,
      segments: {
        maxRows: 20_000,
        maxMs: 10_000,
        snapshotMs: 30_000,
        compact: true,
        compactGraceMs: 900_000,
        deltaLog: true,
        retentionMs: { bronze: null, silver: null, gold: null },
      },
      rules: {
        allowedLatenessUs: 120_000_000,
        maxFutureUs: 10_000_000,
        idleMs: 30_000,
        silverRows: 5,
        windowUs: 60_000_000,
        windowSlideUs: 30_000_000,
        barIntervals: [
          { name: '1s', sizeUs: 1_000_000 },
          { name: '1m', sizeUs: 60_000_000 },
          { name: '5m', sizeUs: 300_000_000 },
          { name: '1h', sizeUs: 3_600_000_000 },
          { name: '1d', sizeUs: 86_400_000_000 },
        ],
        maxSymbols: 10_000,
        dedupWithoutId: 'never',
        calendar: 'equities',
      },
    });
  });

  it('is frozen through and through', () => {
    const config = readLayerConfig({ DATA_DIR, BAR_INTERVALS: '1m' }, 'gold');
    for (const part of [
      config,
      config.rules,
      config.http,
      config.rules.barIntervals,
      config.rules.barIntervals[0],
    ])
      expect(Object.isFrozen(part)).toBe(true);
  });

  it('keeps bar intervals whole: they know where a bar starts', () => {
    for (const env of [{ DATA_DIR }, { DATA_DIR, BAR_INTERVALS: '1s' }])
      expect(readLayerConfig(env, 'gold').rules.barIntervals[0]?.startOf(1_500_000)).toBe(1_000_000);
  });

  it.each([
    ['bronze', 3002],
    ['silver', 3003],
    ['gold', 3004],
  ] as const)('gives %s port %i, unless told otherwise', (layer, port) => {
    expect(readLayerConfig({ DATA_DIR }, layer).http.port).toBe(port);
    expect(readLayerConfig({ DATA_DIR, HTTP_PORT: '0' }, layer).http.port).toBe(0);
  });

  it('takes LAKE_DIR, and relative folders from the working directory', () => {
    const config = readLayerConfig({ DATA_DIR: 'here', LAKE_DIR: 'there' }, 'bronze');
    expect([config.logFolder, config.lakeFolder]).toEqual([resolve('here/log'), resolve('there')]);
  });

  it('refuses ALLOWED_LATENESS_MS at or below MAX_FUTURE_MS', () => {
    expect(layerProblems({ DATA_DIR, MAX_FUTURE_MS: '120000' })).toEqual([
      expect.stringMatching(/^MAX_FUTURE_MS: must be below/),
    ]);
    expect(layerProblems({ DATA_DIR, ALLOWED_LATENESS_MS: '10000' })).toHaveLength(1);
    expect(layerProblems({ DATA_DIR, ALLOWED_LATENESS_MS: '10001' })).toEqual([]);
  });

  it('refuses a slide longer than the window', () => {
    expect(layerProblems({ DATA_DIR, WINDOW_MS: '1000', WINDOW_SLIDE_MS: '1000' })).toEqual([]);
    expect(layerProblems({ DATA_DIR, WINDOW_MS: '1000' })).toEqual([
      expect.stringMatching(/^WINDOW_SLIDE_MS: /),
    ]);
  });

  it.each(['7m', '2d', '1w', '', '1m,,5m', '60s,1m', 'm', '0s'])('judges BAR_INTERVALS=%s', (intervals) => {
    const expected = intervals === '' ? [] : [expect.stringMatching(/^BAR_INTERVALS: /)];
    expect(layerProblems({ DATA_DIR, BAR_INTERVALS: intervals })).toEqual(expected);
  });

  it('reports an unreadable variable once, and not the comparisons with it', () => {
    const env = { DATA_DIR, WINDOW_MS: 'x', ALLOWED_LATENESS_MS: 'y' };
    expect(layerProblems(env).map((problem) => problem.split(':')[0])).toEqual([
      'ALLOWED_LATENESS_MS',
      'WINDOW_MS',
    ]);
  });

  it('collects the problems of all parts', () => {
    const env = {
      LANES: '0',
      KAFKA_SSL: 'yes',
      HTTP_PORT: '70000',
      SEGMENT_MAX_MS: 'soon',
      CALENDAR: 'moon',
    };
    expect(layerProblems(env).map((problem) => problem.split(':')[0])).toEqual([
      'DATA_DIR',
      'LANES',
      'KAFKA_SSL',
      'HTTP_PORT',
      'SEGMENT_MAX_MS',
      'CALENDAR',
    ]);
  });
});

describe('the transport', () => {
  it('is Kafka where brokers are named, unless the transport is', () => {
    const read = (env: Record<string, string>): unknown => {
      const { transport, logFolder, kafka } = readLayerConfig({ DATA_DIR, ...env }, 'bronze');
      return { transport, logFolder, brokers: kafka?.brokers };
    };
    const onKafka = { transport: 'kafka', logFolder: null, brokers: ['a:9092', 'b:9093'] };
    const brokers = 'a:9092,b:9093';
    expect(read({ KAFKA_BROKERS: brokers })).toEqual(onKafka);
    expect(read({ KAFKA_BROKERS: brokers, LOG_TRANSPORT: 'kafka' })).toEqual(onKafka);
    const embedded = { transport: 'embedded', logFolder: '/data/log', brokers: undefined };
    expect(read({ KAFKA_BROKERS: brokers, LOG_TRANSPORT: 'embedded' })).toEqual(embedded);
  });

  it('needs a folder, and brokers for Kafka', () => {
    expect(layerProblems({})).toEqual([expect.stringMatching(/^DATA_DIR: /)]);
    expect(layerProblems({ LAKE_DIR: '/lake' })).toEqual([expect.stringMatching(/^DATA_DIR: /)]);
    expect(layerProblems({ LAKE_DIR: '/lake', LOG_TRANSPORT: 'kafka' })).toContainEqual(
      expect.stringMatching(/^KAFKA_BROKERS: give brokers/),
    );
  });

  it('refuses SASL that would show the password, half a SASL and half a certificate', () => {
    const sasl = {
      DATA_DIR,
      KAFKA_SASL_MECHANISM: 'plain',
      KAFKA_SASL_USERNAME: 'me',
      KAFKA_SASL_PASSWORD: 'secret',
    };
    expect(layerProblems(sasl)).toEqual([expect.stringMatching(/^KAFKA_SASL_MECHANISM: SASL without TLS/)]);
    expect(layerProblems({ ...sasl, KAFKA_SSL: 'true' })).toEqual([]);
    expect(layerProblems({ ...sasl, KAFKA_ALLOW_PLAINTEXT_SASL: 'true' })).toEqual([]);
    expect(layerProblems({ DATA_DIR, KAFKA_SSL: 'true', KAFKA_SASL_MECHANISM: 'plain' })).toHaveLength(2);
    expect(layerProblems({ DATA_DIR, KAFKA_SSL_CERT_FILE: 'c.pem' })).toHaveLength(1);
  });
});

it('how much of the log is kept is told to every app that opens it', () => {
  const env = { DATA_DIR: '/data', LOG_RETENTION_BYTES: '1048576' };
  const configs = [readLayerConfig(env, 'gold'), readProducerConfig(env), readDashboardConfig(env)];
  expect(configs.map(({ logRetentionBytes }) => logRetentionBytes)).toEqual([
    1_048_576, 1_048_576, 1_048_576,
  ]);
  expect(() => readProducerConfig({ ...env, LOG_RETENTION_BYTES: '1000' })).toThrow(/LOG_RETENTION_BYTES/);
});

describe('readProducerConfig', () => {
  it('is the synthetic feed of six symbols by default', () => {
    const { feed, http } = readProducerConfig({ DATA_DIR });
    const symbols = ['AAPL', 'GOOGL', 'MSFT', 'TSLA', 'AMZN', 'NVDA'];
    expect(feed).toEqual({ kind: 'synthetic', symbols, rate: 50, seed: 1 });
    expect(http.port).toBe(3001);
  });

  it('reads a file at a speed', () => {
    const env = { DATA_DIR, FEED: 'file', FEED_FILE: '/ticks.jsonl' };
    expect(readProducerConfig(env).feed).toEqual({
      kind: 'file',
      path: '/ticks.jsonl',
      format: 'auto',
      speed: 1,
    });
    expect(readProducerConfig({ ...env, FEED_SPEED: 'max' }).feed).toMatchObject({ speed: 'max' });
    expect(readProducerConfig({ ...env, FEED_SPEED: '0.5' }).feed).toMatchObject({ speed: 0.5 });
  });

  it('refuses a file feed without a file, and what is no rate, speed or symbol', () => {
    const env = { DATA_DIR, FEED: 'file', FEED_RATE: '0', FEED_SPEED: '-1', FEED_SYMBOLS: 'A B' };
    expect(problemsOf(() => readProducerConfig(env)).map((problem) => problem.split(':')[0])).toEqual([
      'FEED_SYMBOLS',
      'FEED_RATE',
      'FEED_FILE',
      'FEED_SPEED',
    ]);
  });
});

describe('readDashboardConfig', () => {
  const problems = (env: Environment): readonly string[] =>
    problemsOf(() => readDashboardConfig({ DATA_DIR, ...env }));

  it('asks for no token on the loopback address', () => {
    const config = readDashboardConfig({ DATA_DIR });
    expect(config.dashboard).toEqual({ token: null, isPublic: false, hosts: [] });
    expect(config.http).toEqual({ host: '127.0.0.1', port: 3000 });
  });

  it.each(['0.0.0.0', '::', '192.168.1.2', 'example.org', '127.0.0.1.example.org'])(
    'asks for a token on %s, unless it is public',
    (host) => {
      const isHost = /^[A-Za-z0-9.:_-]+$/.test(host);
      expect(isHost).toBe(true);
      expect(problems({ HTTP_HOST: host })).toEqual([expect.stringMatching(/^DASHBOARD_TOKEN: /)]);
      expect(problems({ HTTP_HOST: host, DASHBOARD_PUBLIC: 'true' })).toEqual([]);
      expect(problems({ HTTP_HOST: host, DASHBOARD_TOKEN: 'long-enough' })).toEqual([]);
    },
  );

  it('takes names of hosts, and nothing else', () => {
    const { hosts } = readDashboardConfig({ DATA_DIR, DASHBOARD_HOSTS: 'Ticks.Example.org, box' }).dashboard;
    expect(hosts).toEqual(['Ticks.Example.org', 'box']);
    for (const wrong of ['http://box', 'box:3000', '*', 'a,,b'])
      expect(problems({ DASHBOARD_HOSTS: wrong })).toEqual([expect.stringMatching(/^DASHBOARD_HOSTS/)]);
  });

  it('does not show a token it refuses', () => {
    expect(() => readDashboardConfig({ DATA_DIR, DASHBOARD_TOKEN: 'sesame!' })).toThrow(
      /DASHBOARD_TOKEN=\(hidden\)/,
    );
  });
});
