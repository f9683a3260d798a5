import { urlsOf } from './support/banner.js';
import { busy, DisturbedRuns } from './support/disturbed-run.js';
import { runEngine, runFile, startUp, untilNoProcessNames } from './support/engine.js';
import type { EngineProcess, Environment } from './support/engine.js';
import { describeWithKafka, onKafka, useBroker } from './support/kafka.js';
import { positionsAt } from './support/lane-positions.js';
import { until } from './support/until.js';
import { Zombie } from './support/zombie.js';

const TICKS = 60_000;
const SESSION_MS = 6_000;
/** 2,000 ticks a second: both instances are at work all the time. */
const SPEED = '40';
const LANES = 4;

describeWithKafka('two instances of silver on Kafka', () => {
  const broker = useBroker();
  const runs = new DisturbedRuns(TICKS);
  let env: Environment;
  let engine: EngineProcess;
  let second: Zombie;
  let silver: string;
  let made = 0;

  beforeEach(async () => {
    const session = { KAFKA_SESSION_TIMEOUT_MS: String(SESSION_MS) };
    env = { ...onKafka(broker(), `handover-${made++}-`), ...session, ...busy };
    const options = ['--file', runs.inputFile, '--speed', SPEED, '--no-dashboard'];
    engine = await startUp(runs.dataDir, options, env);
    silver = (await urlsOf(engine)).get('silver')!;
    second = await Zombie.join('silver', runs.dataDir, env);
    await untilAtWork();
  });

  /** Both have their share, and are further than they were. */
  async function untilAtWork(): Promise<void> {
    const share = LANES / 2;
    const seen = async (): Promise<readonly ReadonlyMap<number, number>[]> =>
      Promise.all([positionsAt(silver), second.positions()]);
    const before = await until('each has its share', async () => {
      const both = await seen();
      return both.every(({ size }) => size === share) && both;
    });
    await until('both have gone on', async () => {
      const now = await seen();
      return before.every((lanes, i) => [...lanes].every(([lane, at]) => (now[i]!.get(lane) ?? 0) > at));
    });
  }

  /** Resolves to how long it took, ms, until the other one says that it has all lanes and goes on in them. */
  async function takenOverAfter(disturbance: () => Promise<unknown>): Promise<number> {
    const own = await second.positions();
    const startedMs = Date.now();
    await disturbance();
    await until('the other has all lanes', async () => (await positionsAt(silver)).size === LANES);
    const tookMs = Date.now() - startedMs;
    await until('it goes on in them', async () => {
      const now = await positionsAt(silver);
      return [...own].every(([lane, at]) => (now.get(lane) ?? 0) > at);
    });
    return tookMs;
  }

  async function expectTheSameInTheEnd(): Promise<void> {
    expect((await engine.stop('SIGTERM')).code).toBe(0);
    await runFile(runs.dataDir, runs.inputFile, env);
    await untilNoProcessNames(runs.dataDir);
    await runs.expectTheSame();
    expect(await runEngine(['verify', '--data', runs.dataDir])).toMatchObject({ code: 0 });
  }

  it('kill -9: the other takes over within the session timeout and 5 s, and nothing is missing or twice', async () => {
    const tookMs = await takenOverAfter(() => second.kill());
    console.log(`taken over ${tookMs} ms after the kill, of ${SESSION_MS + 5_000} ms`);
    expect(tookMs).toBeLessThanOrEqual(SESSION_MS + 5_000);
    await expectTheSameInTheEnd();
  });

  it('SIGTERM: its lanes are handed over within 10 s, and nothing is missing or twice', async () => {
    const tookMs = await takenOverAfter(async () => {
      expect(await second.end()).toBe(0);
    });
    console.log(`handed over ${tookMs} ms after the signal, of 10000 ms`);
    expect(tookMs).toBeLessThanOrEqual(10_000);
    await expectTheSameInTheEnd();
  });
});
