import { Resource } from './resource.js';

interface Answer {
  readonly resolve: (numbers: readonly number[]) => void;
  readonly reject: (error: Error) => void;
}

/** Numbers known so far; the loads are answered by the test. */
function numbers(): { resource: Resource<readonly number[]>; answers: Answer[] } {
  const answers: Answer[] = [];
  const resource = new Resource<readonly number[]>({
    initial: [],
    load: () => new Promise((resolve, reject) => answers.push({ resolve, reject })),
    merge: (known, loaded) => [...new Set([...loaded, ...known])].sort(),
  });
  return { resource, answers };
}

describe('something fetched and kept up to date', () => {
  it('is not there before the first answer, and has what events told until then', async () => {
    const { resource, answers } = numbers();
    const loaded = resource.reload();
    resource.apply((known) => [...known, 3]);
    expect(resource.content.get()).toEqual({ value: undefined, error: undefined });
    answers[0]?.resolve([1, 2]);
    await loaded;
    expect(resource.content.get()).toEqual({ value: [1, 2, 3], error: undefined });
  });

  it('keeps its value when fetching it anew fails, and forgets the failure when that works', async () => {
    const { resource, answers } = numbers();
    const loads = [resource.reload()];
    answers[0]?.resolve([1]);
    await loads[0];
    loads.push(resource.reload());
    answers[1]?.reject(new Error('503'));
    await loads[1];
    expect(resource.content.get()).toEqual({ value: [1], error: '503' });
    loads.push(resource.reload());
    answers[2]?.resolve([2]);
    await loads[2];
    expect(resource.content.get()).toEqual({ value: [1, 2], error: undefined });
  });

  it('is not asked for again while the answer is on its way', async () => {
    const { resource, answers } = numbers();
    const first = resource.refresh();
    await resource.refresh();
    expect(answers).toHaveLength(1);
    answers[0]?.resolve([1]);
    await first;
    void resource.refresh();
    expect(answers).toHaveLength(2);
  });

  it('does not listen to an answer that a newer request has replaced', async () => {
    const { resource, answers } = numbers();
    const [first, second] = [resource.reload(), resource.reload()];
    answers[1]?.resolve([2]);
    await second;
    answers[0]?.resolve([1]);
    await first;
    expect(resource.content.get().value).toEqual([2]);
  });

  it('has missed news until an answer comes that was asked for afterwards', async () => {
    const { resource, answers } = numbers();
    const loads = [resource.reload()];
    answers[0]?.resolve([1]);
    await loads[0];

    loads.push(resource.reload());
    answers[1]?.reject(new Error('away'));
    await loads[1];
    loads.push(resource.reload(), resource.catchUp(7), resource.catchUp(8));
    answers[2]?.resolve([1]);
    answers[3]?.resolve([1]);
    await Promise.all(loads.slice(2, 4));
    resource.apply((known) => [...known, 3]);
    expect(resource.content.get()).toEqual({ value: [1, 3], error: undefined, missedSinceMs: 7 });
    answers[4]?.reject(new Error('503'));
    await loads[4];
    expect(resource.content.get()).toEqual({ value: [1, 3], error: '503', missedSinceMs: 7 });

    const refreshed = resource.refresh();
    answers[5]?.resolve([1, 2]);
    await refreshed;
    expect(resource.content.get()).toEqual({ value: [1, 2, 3], error: undefined });
  });
});
