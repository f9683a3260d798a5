import { ComposeProject, missingForContainers, mustRun, run } from './support/compose-project.js';
import { describeIfPossible } from './support/describe-if-possible.js';
import { until } from './support/until.js';

/** Many small segments, so that progress shows soon; enough ticks for every lane to have some. */
const SETTINGS = { FEED_RATE: '200', SEGMENT_MAX_MS: '1000', SNAPSHOT_MS: '2000' };
const MAX_IMAGE_BYTES = 450e6;
const LANES = 4;
const APPS = ['producer', 'bronze', 'silver', 'gold', 'dashboard'];
/** For a machine that is busy with other things; quiet, none takes a quarter of it. */
const STEP_TIMEOUT_MS = 600_000;

interface LaneReport {
  readonly layer: string;
  readonly lane: number;
  readonly position: number;
}
interface Bar {
  readonly symbol: string;
  readonly close: number;
}

/** Ordered: each step goes on where the one before has left the project. */
describeIfPossible('docker compose', missingForContainers, () => {
  let project: ComposeProject;

  beforeAll(async () => {
    const baseImages = process.env['BASE_IMAGES_BUILD'];
    if (baseImages) await mustRun([baseImages]);
    project = await ComposeProject.create(SETTINGS);
    // One service stands for all: they share the image.
    await project.compose('build', 'dashboard');
  }, 900_000);

  afterAll(() => project.remove(), 120_000);

  /** A test that shows what the containers said when it fails. */
  const step = (name: string, check: () => Promise<void>): void => {
    it(
      name,
      async () => {
        try {
          await check();
        } catch (error) {
          console.log(await project.compose('logs', '--tail', '40', ...APPS));
          throw error;
        }
      },
      STEP_TIMEOUT_MS,
    );
  };

  /** How much of each layer is in the lake: input records, by lane. */
  async function positions(layer: string): Promise<number[] | undefined> {
    const report = await project.ask<{ items: LaneReport[] }>('/api/pipeline');
    const lanes = report?.items.filter((item) => item.layer === layer);
    return lanes?.length === LANES
      ? lanes.sort((a, b) => a.lane - b.lane).map((lane) => lane.position)
      : undefined;
  }

  /** Waits until the layer has more in the lake than `before`, in every lane that `before` names. */
  const untilBeyond = (layer: string, before: readonly number[]): Promise<number[]> =>
    until(`${layer} goes on beyond ${before.join(' ')}`, async () => {
      const now = await positions(layer);
      return now?.every((position, lane) => position > (before[lane] ?? Infinity)) ? now : undefined;
    });

  /** Lanes without a symbol never move: those that do are known once all symbols have come. */
  const busyOnly = (now: readonly number[]): number[] =>
    now.map((position) => (position === 0 ? -1 : position));

  /** Rows in the lake, layer by layer. */
  async function counts(): Promise<Record<'bronze' | 'silver' | 'gold', number>> {
    const views = { bronze: 'bronze_events', silver: 'silver_ticks', gold: 'gold_bars' };
    const columns = Object.entries(views).map(
      ([layer, view]) => `(SELECT count(*) FROM ${view}) AS ${layer}`,
    );
    const { code, stdout, stderr } = await project.engine(
      'sql',
      `SELECT ${columns.join(', ')}`,
      '--format',
      'json',
    );
    if (code !== 0) throw new Error(stderr);
    return (JSON.parse(stdout) as [Record<'bronze' | 'silver' | 'gold', number>])[0];
  }

  async function expectTheLakeToHold(): Promise<void> {
    const { code, stdout, stderr } = await project.engine('verify');
    expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' });
    expect(stdout).toContain('The lake holds');
  }

  step('makes an image that is small, runs as nobody special and carries no package manager', async () => {
    const [image] = JSON.parse(await mustRun(['docker', 'image', 'inspect', project.image])) as [
      ImageDescription,
    ];
    expect(image.Size).toBeLessThan(MAX_IMAGE_BYTES);
    expect(image.Config).toMatchObject({
      User: '1000:1000',
      Labels: { 'org.opencontainers.image.licenses': 'Apache-2.0' },
      Healthcheck: { Test: ['CMD', 'node', 'docker/healthcheck.mjs'] },
    });
    const environment = [
      'HTTP_HOST=0.0.0.0',
      'UV_THREADPOOL_SIZE=16',
      'NODE_OPTIONS=--max-semi-space-size=4',
    ];
    expect(image.Config.Env).toEqual(expect.arrayContaining([...environment, 'MALLOC_ARENA_MAX=1']));
    const inside = ['docker', 'run', '--rm', '--network', 'none', '--read-only', project.image];
    expect(await mustRun([...inside, 'sh', '-c', 'command -v npm npx corepack yarn || echo none'])).toBe(
      'none\n',
    );
    expect(await mustRun([...inside, 'engine', '--help'])).toContain('engine <command>');
    const unneeded =
      '( -name "*.map" -o -name "*.d.ts" -o -name "*.musl.node" -o -name typescript -o -name jest )';
    expect(await mustRun([...inside, 'sh', '-c', `find /app ${unneeded.replaceAll(/[()]/g, '\\$&')}`])).toBe(
      '',
    );
  });

  step('starts everything: the API answers with bars', async () => {
    await project.compose('up', '-d', '--no-build');
    const bars = await until(
      'there are bars',
      async () => {
        const answer = await project.ask<{ items: Bar[] }>('/api/bars?symbol=AAPL&interval=1s&limit=5');
        return answer?.items.length ? answer.items : undefined;
      },
      180_000,
    );
    for (const bar of bars) expect([bar.symbol, bar.close > 0]).toEqual(['AAPL', true]);
  });

  step('finds every app healthy', async () => {
    for (const app of APPS) {
      const [id = ''] = await project.containers(app);
      const health = ['docker', 'inspect', '-f', '{{.State.Health.Status}}', id];
      await until(`${app} is healthy`, async () => (await mustRun(health)).trim() === 'healthy');
    }
  });

  step('keeps a lake that holds while it runs', async () => {
    await untilBeyond('gold', busyOnly(await until('gold is reported', () => positions('gold'))));
    await expectTheLakeToHold();
  });

  step('goes on where a killed silver stopped', async () => {
    const before = busyOnly(await until('silver has begun', () => positions('silver')));
    await project.compose('kill', '-s', 'KILL', 'silver');
    expect(await project.containers('silver')).toEqual([]);
    await project.compose('up', '-d', '--no-build', 'silver');
    await untilBeyond('silver', before);
    await expectTheLakeToHold();
  });

  step('shares the lanes among two silvers, and either can go', async () => {
    await project.compose('up', '-d', '--no-build', '--scale', 'silver=2');
    const silvers = await project.containers('silver');
    expect(silvers).toHaveLength(2);
    await until('the two share the lanes', async () => {
      const held = await Promise.all(silvers.map((id) => lanesOf(id)));
      return held.every(({ length }) => length > 0) && held.flat().sort().join() === '0,1,2,3';
    });
    await mustRun(['docker', 'kill', '-s', 'KILL', silvers[0]!]);
    const before = busyOnly(await until('silver is reported', () => positions('silver')));
    await untilBeyond('silver', before);
    await expectTheLakeToHold();
  });

  step('goes on after down and up where it stopped', async () => {
    await project.compose('down');
    const before = await counts();
    expect(Math.min(before.bronze, before.silver)).toBeGreaterThan(0);
    await project.compose('up', '-d', '--no-build');
    await untilBeyond('gold', busyOnly(await until('gold is reported', () => positions('gold'))));
    const after = await counts();
    expect(after.bronze).toBeGreaterThan(before.bronze);
    expect(after.silver).toBeGreaterThan(before.silver);
    expect(after.gold).toBeGreaterThanOrEqual(before.gold);
    await expectTheLakeToHold();
  });
});

interface ImageDescription {
  readonly Size: number;
  readonly Config: { readonly Env: readonly string[] };
}

/** The lanes that an instance of silver says it has; none while it does not answer yet. */
async function lanesOf(container: string): Promise<string[]> {
  const fetchMetrics =
    "fetch('http://127.0.0.1:3003/metrics').then((r) => r.text()).then((t) => console.log(t))";
  const { stdout } = await run(['docker', 'exec', container, 'node', '-e', fetchMetrics]);
  return [...stdout.matchAll(/^engine_position_offset\{.*lane="(\d+)"/gm)].map(([, lane]) => lane!);
}
