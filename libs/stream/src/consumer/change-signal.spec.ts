import { ChangeSignal } from './change-signal.js';

describe('ChangeSignal', () => {
  it('wakes everyone who waits, once', async () => {
    const signal = new ChangeSignal();
    const woken: string[] = [];
    const wait = (name: string): Promise<unknown> => signal.changedSince(0).then(() => woken.push(name));
    const waits = [wait('a'), wait('b')];
    await new Promise(setImmediate);
    expect(woken).toEqual([]);
    signal.raise();
    await Promise.all(waits);
    expect(woken).toEqual(['a', 'b']);
  });

  it('does not miss a change between looking and waiting', async () => {
    const signal = new ChangeSignal();
    const version = signal.version;
    signal.raise();
    await signal.changedSince(version);
    expect(signal.version).toBe(version + 1);
  });
});
