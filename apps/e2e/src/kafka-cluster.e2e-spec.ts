import { busy, DisturbedRuns } from './support/disturbed-run.js';
import { runEngine, runFile, startUp, untilNoProcessNames } from './support/engine.js';
import { describeWithKafka, onKafka, useCluster, withAdmin } from './support/kafka.js';
import { untilGrown } from './support/progress.js';

const TICKS = 60_000;
const PREFIX = 'cluster-';

describeWithKafka('three brokers', () => {
  const cluster = useCluster();
  const runs = new DisturbedRuns(TICKS);

  const leadersAndReplicas = (topic: string): Promise<[number, number][]> =>
    withAdmin(cluster().brokers[0]!, async (admin) => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      return topics[0]!.partitions.map(({ leader, replicas }) => [leader, replicas.length]);
    });

  it('the leader of a lane is killed in the middle, and comes back: nothing is missing or twice', async () => {
    const env = { ...onKafka(cluster(), PREFIX), ...busy, KAFKA_REPLICATION_FACTOR: '3' };
    const options = ['--file', runs.inputFile, '--speed', 'max', '--no-dashboard'];
    const engine = await startUp(runs.dataDir, options, env);
    await untilGrown(engine, runs.dataDir, { table: 'silver/ticks', rows: TICKS * 0.04 });
    const lanes = await leadersAndReplicas(`${PREFIX}bronze-ticks`);
    expect(lanes.map(([, replicas]) => replicas)).toEqual([3, 3, 3, 3]);
    const leader = cluster().brokers[lanes[0]![0] - 1]!;
    await leader.kill();
    // With the two that are left it goes on.
    await untilGrown(engine, runs.dataDir, { table: 'silver/ticks', rows: TICKS * 0.04 });
    await leader.restart();
    expect((await engine.stop('SIGTERM')).code).toBe(0);
    await runFile(runs.dataDir, runs.inputFile, env);
    await untilNoProcessNames(runs.dataDir);
    await runs.expectTheSame();
    expect(await runEngine(['verify', '--data', runs.dataDir])).toMatchObject({ code: 0 });
  });
});
