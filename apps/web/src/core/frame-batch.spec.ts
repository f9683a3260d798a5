import { FrameBatch } from './frame-batch.js';

interface Update {
  readonly key: string;
  readonly value: number;
}

function batchWithFrames(): { batch: FrameBatch<Update>; frames: (() => void)[]; flushed: Update[][] } {
  const frames: (() => void)[] = [];
  const flushed: Update[][] = [];
  const batch = new FrameBatch<Update>(
    ({ key }) => key,
    (items) => flushed.push([...items]),
    (task) => frames.push(task),
  );
  return { batch, frames, flushed };
}

describe('updates merged per frame', () => {
  it('plans one frame, however many updates come, and keeps the newest of each key', () => {
    const { batch, frames, flushed } = batchWithFrames();
    for (let value = 1; value <= 1_000; value++) batch.add({ key: value % 2 === 0 ? 'even' : 'odd', value });
    expect(frames).toHaveLength(1);
    frames.shift()?.();
    expect(flushed).toEqual([
      [
        { key: 'odd', value: 999 },
        { key: 'even', value: 1_000 },
      ],
    ]);
  });

  it('plans the next frame for what comes after one', () => {
    const { batch, frames, flushed } = batchWithFrames();
    batch.add({ key: 'a', value: 1 });
    frames.shift()?.();
    batch.add({ key: 'a', value: 2 });
    expect(frames).toHaveLength(1);
    frames.shift()?.();
    expect(flushed.flat().map(({ value }) => value)).toEqual([1, 2]);
  });

  it('tells nothing of what was cleared, and goes on', () => {
    const { batch, frames, flushed } = batchWithFrames();
    batch.add({ key: 'a', value: 1 });
    batch.clear();
    batch.add({ key: 'b', value: 2 });
    for (const frame of frames) frame();
    expect(flushed).toEqual([[{ key: 'b', value: 2 }]]);
  });
});
