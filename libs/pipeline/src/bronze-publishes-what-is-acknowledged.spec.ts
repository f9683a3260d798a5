import { closing, figures, input, newRun, quietRun, start } from './testing/memory-run.contract.js';
import { topics } from './testing.js';

const turns = async (n: number): Promise<void> => {
  for (let turn = 0; turn < n; turn++) await new Promise((done) => setImmediate(done));
};

it('E2: bronze publishes no row before every lane has acknowledged its tick', async () => {
  const expected = figures((await quietRun()).lake);
  const run = await newRun();
  const killed = await start(run);
  await run.log.deliver(topics.stockTicks, ...input.slice(0, 60));
  const published = run.lake.rows('bronze/events').length;
  expect(published).toBeGreaterThan(0);
  const release = killed.life.hold(`send ${topics.bronzeTicks}`);
  const delivered = run.log.deliver(topics.stockTicks, ...input.slice(60, 120));
  await turns(50);
  expect(run.lake.rows('bronze/events')).toHaveLength(published);
  killed.life.kill();
  release();
  await delivered;
  await killed.stop();

  const next = await start(run);
  await run.log.deliver(topics.stockTicks, ...input.slice(120));
  await run.log.deliver(topics.bronzeTicks, ...closing);
  await next.stop();
  expect(figures(run.lake)).toEqual(expected);
});
