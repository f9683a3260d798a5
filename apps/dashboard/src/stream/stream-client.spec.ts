import type { ServerResponse } from 'node:http';
import { barUpdate, MINUTE_US, OPENING_US } from '../testing/rows.js';
import { StreamClient } from './stream-client.js';
import { Subscription } from './subscription.js';

/** A response whose other end takes what it is sent, or does not. */
class Pipe {
  readonly written: string[] = [];
  writableNeedDrain = false;
  isDestroyed = false;

  write(text: string): boolean {
    this.written.push(text);
    return true;
  }

  destroy(): void {
    this.isDestroyed = true;
  }
}

const bar = (minute: number, close = 1): ReturnType<typeof barUpdate> =>
  barUpdate({ start: OPENING_US + minute * MINUTE_US, close });

function clientOf(): { pipe: Pipe; client: StreamClient } {
  const pipe = new Pipe();
  const subscription = new Subscription({ intervals: ['1m'], ticks: [] });
  return { pipe, client: new StreamClient(pipe as unknown as ServerResponse, subscription, 0) };
}

describe('StreamClient', () => {
  it('sends nothing to a client that does not take it, and then the newest of each bar', () => {
    const { pipe, client } = clientOf();
    pipe.writableNeedDrain = true;
    for (let close = 1; close <= 1000; close++) {
      client.tell(bar(0, close));
      client.flush(`id-${close}`, close);
    }
    expect(pipe.written).toEqual([]);
    pipe.writableNeedDrain = false;
    client.flush('id-now', 1001);
    expect(pipe.written).toHaveLength(1);
    expect(pipe.written[0]).toMatch(/^id: id-now\nevent: bar\ndata: \{.*"close":1000,.*\}\n\n$/);
  });

  it('gives the id with the last event of several: who has it has them all', () => {
    const { pipe, client } = clientOf();
    [0, 1, 2].forEach((minute) => {
      client.tell(bar(minute));
    });
    client.flush('id-3', 1);
    const events = pipe.written.join('').trimEnd().split('\n\n');
    expect(events.map((event) => event.includes('id: id-3'))).toEqual([false, false, true]);
  });

  it('lets go of what a client is too slow for, and says so first', () => {
    const { pipe, client } = clientOf();
    pipe.writableNeedDrain = true;
    for (let minute = 0; minute <= 5001; minute++) client.tell(bar(minute));
    pipe.writableNeedDrain = false;
    client.flush('id', 1);
    const events = pipe.written.join('').trimEnd().split('\n\n');
    expect(events[0]).toBe('event: gap\ndata: {"reason":"slow"}');
    expect(events.length).toBeLessThan(5);
  });

  it('hangs up on a client that takes nothing for a minute', () => {
    const { pipe, client } = clientOf();
    pipe.writableNeedDrain = true;
    client.flush('id', 60_000);
    expect(pipe.isDestroyed).toBe(false);
    client.flush('id', 60_001);
    expect(pipe.isDestroyed).toBe(true);
  });

  it('shows every 15 s that it is there', () => {
    const { pipe, client } = clientOf();
    client.flush('id', 14_999);
    expect(pipe.written).toEqual([]);
    client.flush('id', 15_000);
    client.flush('id', 29_999);
    expect(pipe.written).toEqual([': still here\n\n']);
  });
});
