import { ProvisionalUpdates } from './provisional-updates.js';

/** A lane whose sends end when the test says so. */
class SlowLane {
  readonly emitted: (readonly string[])[] = [];
  changed: string[] = [];
  failure: unknown;
  readonly #waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];

  isReplaying = () => false;
  unknown: () => Iterator<readonly string[]> = () => [][Symbol.iterator]();

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

const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => String(from + at));

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

function process(lane: SlowLane, updates: ProvisionalUpdates<string>, key: string): void {
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

  it('tells what readers may not know in parts, each as it stands by then, and what is new without waiting for them', async () => {
    const lane = new SlowLane();
    let open = range(0, 2_500);
    lane.unknown = function* () {
      for (let at = 0; at < open.length; at += 100) yield open.slice(at, at + 100);
    };
    const updates = new ProvisionalUpdates<string>(lane, 0);
    process(lane, updates, 'new');
    await settled();
    expect(lane.emitted).toEqual([range(0, 1_000), ['new']]);
    open = [...range(0, 1_000), ...range(7_000, 8_200)];
    lane.acknowledge();
    while (lane.emitted.length < 3) await settled();
    lane.acknowledge();
    lane.acknowledge();
    while (lane.emitted.length < 4) await settled();
    lane.acknowledge();
    await settled();
    expect(lane.emitted.slice(2)).toEqual([range(7_000, 8_000), range(8_000, 8_200)]);
    await updates.close();
  });

  it('tells no more of it after it was closed, nor while old records are processed again', async () => {
    const lane = new SlowLane();
    lane.unknown = () => [range(0, 1_000), range(1_000, 2_000)].values();
    lane.isReplaying = () => true;
    const updates = new ProvisionalUpdates<string>(lane, 0);
    updates.processed();
    await settled();
    expect(lane.emitted).toEqual([]);
    lane.isReplaying = () => false;
    updates.processed();
    const closed = updates.close();
    for (let sends = 0; sends < 2; sends++) lane.acknowledge();
    await closed;
    await settled();
    expect(lane.emitted.filter(({ length }) => length > 0)).toEqual([range(0, 1_000)]);
  });
});
