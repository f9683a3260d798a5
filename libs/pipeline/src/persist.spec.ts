import { persist } from './persist.js';

const noRoom = (): Error => new Error('no space left');

/** Fails so many times, then works; and what the observer hears. */
function failing(times: number): { attempt: () => Promise<string>; heard: string[]; observer: object } {
  const heard: string[] = [];
  let left = times;
  return {
    heard,
    attempt: () => (left-- > 0 ? Promise.reject(noRoom()) : Promise.resolve('done')),
    observer: {
      retrying: (what: string, error: Error, attempt: number) =>
        heard.push(`${what}: ${error.message} (${attempt})`),
      settled: (what: string) => heard.push(`${what}: settled`),
    },
  };
}

it('tries again until it works, and tells of every failure and of the end', async () => {
  const { attempt, observer, heard } = failing(2);
  expect(await persist('publish', attempt, { observer }, () => true)).toBe('done');
  expect(heard).toEqual(['publish: no space left (1)', 'publish: no space left (2)', 'publish: settled']);
});

it('says nothing where nothing fails', async () => {
  const { attempt, observer, heard } = failing(0);
  await persist('publish', attempt, { observer }, () => true);
  expect(heard).toEqual([]);
});

it('throws what no repetition heals', async () => {
  const { attempt, observer, heard } = failing(1);
  await expect(persist('publish', attempt, { observer }, () => false)).rejects.toThrow('no space left');
  expect(heard).toEqual([]);
});

it('gives up with the reason, and not with that of the stop, when a stop is asked for in between', async () => {
  const { attempt, observer, heard } = failing(Infinity);
  const stop = new AbortController();
  const persisting = persist('publish', attempt, { observer, stopping: stop.signal }, () => true);
  while (heard.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  stop.abort();
  await expect(persisting).rejects.toThrow('no space left');
  expect(heard.at(-1)).toBe('publish: settled');
});

it('attempts once, and no more, after the stop was asked for', async () => {
  const { attempt, observer, heard } = failing(1);
  const persistence = { observer, stopping: AbortSignal.abort() };
  await expect(persist('publish', attempt, persistence, () => true)).rejects.toThrow('no space left');
  expect(await persist('publish', attempt, persistence, () => true)).toBe('done');
  expect(heard).toEqual([]);
});
