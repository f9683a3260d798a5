import { LogProducer, SendOutcomeUnknownError } from '@engine/stream/ports';
import type { OutgoingRecord } from '@engine/stream/ports';

import { Emitter } from './emitter.js';

const topic = 'bronze-ticks';
const recordsOf = (value: string): OutgoingRecord[] => [{ partition: 0, value }];
const records = recordsOf('a');

/** Each producer's first sends fail as the test says, and from then on it is broken for good, as Kafka's are. */
class FragileLog {
  readonly events: string[] = [];
  readonly failures: Error[] = [];
  readonly arrived: OutgoingRecord['value'][] = [];
  #made = 0;

  createProducer(): Promise<LogProducer> {
    const producer = new FragileProducer(++this.#made, this);
    this.events.push(`open ${this.#made}`);
    return Promise.resolve(producer);
  }
}

class FragileProducer extends LogProducer {
  #isBroken = false;

  constructor(
    private readonly name: number,
    private readonly log: FragileLog,
  ) {
    super();
  }

  override send(_: string, sent: readonly OutgoingRecord[]): Promise<void> {
    if (this.#isBroken)
      return Promise.reject(new Error(`producer ${this.name} is broken and was used again`));
    const failure = this.log.failures.shift();
    this.#isBroken = failure !== undefined;
    this.log.events.push(`send ${this.name}${this.#isBroken ? ' fails' : ''}`);
    if (failure === undefined) this.log.arrived.push(...sent.map(({ value }) => value));
    return failure ? Promise.reject(failure) : Promise.resolve();
  }

  override close(): Promise<void> {
    this.log.events.push(`close ${this.name}`);
    return this.#isBroken ? Promise.reject(new Error('cannot even be closed')) : Promise.resolve();
  }
}

describe('an emitter', () => {
  it('goes on with another producer after a failure: the one that failed is broken, and closed before', async () => {
    const log = new FragileLog();
    log.failures.push(new SendOutcomeUnknownError('lost on the way'), new SendOutcomeUnknownError('again'));
    const emitter = new Emitter(log);
    await emitter.send(topic, records);
    await emitter.send(topic, records);
    await emitter.close();
    const attempts = ['open 1', 'send 1 fails', 'close 1', 'open 2', 'send 2 fails', 'close 2'];
    expect(log.events).toEqual([...attempts, 'open 3', 'send 3', 'send 3', 'close 3']);
  });

  it('E1: sends nothing later before what was asked for earlier has arrived', async () => {
    const log = new FragileLog();
    log.failures.push(new SendOutcomeUnknownError('lost on the way'));
    const emitter = new Emitter(log);
    await Promise.all(['a', 'b', 'c'].map((value) => emitter.send(topic, recordsOf(value))));
    expect(log.arrived).toEqual(['a', 'b', 'c']);
    await emitter.close();
  });

  it('does not keep a producer either whose failure is final', async () => {
    const log = new FragileLog();
    log.failures.push(new Error('too large'));
    const emitter = new Emitter(log);
    await expect(emitter.send(topic, records)).rejects.toThrow('too large');
    await emitter.send(topic, records);
    expect(log.events).toEqual(['open 1', 'send 1 fails', 'close 1', 'open 2', 'send 2']);
    await emitter.close();
  });
});
