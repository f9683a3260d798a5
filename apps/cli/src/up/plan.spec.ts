import { parseArguments } from '../arguments.js';
import { planUp } from './plan.js';

const envOf = async (env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> =>
  (await planUp(parseArguments([], { port: { type: 'string' } }), env)).env;

it('keeps the apps small', async () => {
  expect(await envOf({})).toMatchObject({
    NODE_OPTIONS: '--max-semi-space-size=4',
    MALLOC_ARENA_MAX: '1',
  });
});

it('lets what the user sets for Node.js and the allocator go before', async () => {
  const options = '--max-semi-space-size=32 --enable-source-maps';
  const env = await envOf({ NODE_OPTIONS: options, MALLOC_ARENA_MAX: '8' });
  // Of an option that is given twice the last counts.
  expect(env['NODE_OPTIONS']).toBe(`--max-semi-space-size=4 ${options}`);
  expect(env['MALLOC_ARENA_MAX']).toBe('8');
});
