import { ProvisionalUpdates } from './provisional-updates.js';

/** A lane whose sends end when the test says so. */
class SlowLane {
  readonly emitted: (readonly string[])[] = [];
  readonly open = new Set<string>();
  changed: string[] = [];
  failure: unknown;
  readonly #waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];

  isReplaying = () => false;
  all = () => [...this.open];

  takeChanged(): readonly string[] {
    const taken = this.changed;
    this.changed = [];
    return taken;
  }

  emit(updates: readonly string[]): Promise<void> {
    this.emitted.push(updates);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  failed(error: unknown): void {
    this.failure = error;
  }

  acknowledge(error?: Error): void {
    const send = this.#waiting.shift();
    if (error === undefined) send?.resolve();
    else send?.reject(error);
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

function process(lane: SlowLane, updates: ProvisionalUpdates<string>, key: string): void {
  lane.open.add(key);
  lane.changed = [...lane.changed.filter((other) => other !== key), key];
  updates.processed();
}

describe('ProvisionalUpdates', () => {
  it('waits for the acknowledgement, and sends then what changed meanwhile, a key once', async () => {
    const lane = new SlowLane();
    const updates = new ProvisionalUpdates<string>(lane, 0);
    for (const key of ['a', 'b', 'c', 'b']) {
      process(lane, updates, key);
      await settled();
    }
    expect(lane.emitted).toEqual([['a']]);
    lane.acknowledge();
    await settled();
    expect(lane.emitted).toEqual([['a'], ['c', 'b']]);
    lane.acknowledge();
    await settled();
    expect(lane.emitted).toHaveLength(2);
    await updates.close();
  });

  it('tells a send that failed at once, and the next who comes, and sends no more', async () => {
    const lane = new SlowLane();
    const updates = new ProvisionalUpdates<string>(lane, 0);
    process(lane, updates, 'a');
    process(lane, updates, 'b');
    lane.acknowledge(new Error('no log'));
    await settled();
    expect(lane.failure).toEqual(new Error('no log'));
    expect(() => {
      updates.processed();
    }).toThrow('no log');
    expect(lane.emitted).toEqual([['a']]);
    await updates.close();
  });

  it('sends nothing after it was closed', async () => {
    const lane = new SlowLane();
    const updates = new ProvisionalUpdates<string>(lane, 0);
    process(lane, updates, 'a');
    process(lane, updates, 'b');
    const closed = updates.close();
    lane.acknowledge();
    await closed;
    await settled();
    expect(lane.emitted).toEqual([['a']]);
  });
});
