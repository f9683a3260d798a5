import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { KafkaProxy } from './kafka-proxy.js';
import { ProduceFaults } from './produce-faults.js';

const PRODUCE = 0;
const FETCH = 1;

const text = (value: string): Buffer => Buffer.concat([int16(value.length), Buffer.from(value)]);

/** As Kafka frames a produce request of this topic, or what looks like one. */
function request(api: number, correlation: number, topic: string, records = ''): Buffer {
  const acksAndTimeout = Buffer.concat([int16(-1), int32(10_000)]);
  const head = [int16(api), int16(7), int32(correlation), text('a-client'), int16(-1), acksAndTimeout];
  const body = Buffer.concat([...head, int32(1), text(topic), Buffer.from(records)]);
  return Buffer.concat([int32(body.length), body]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** Answers each request with its correlation, and keeps what it got. */
class Broker {
  readonly got: string[] = [];
  readonly #server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      this.#serve(socket, bytes);
    });
  });

  async listen(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
  }

  #serve(socket: Socket, bytes: Buffer): void {
    for (let rest = bytes; rest.length > 0; rest = rest.subarray(4 + rest.readInt32BE(0))) {
      const correlation = rest.readInt32BE(8);
      this.got.push(`${correlation} ${/a-topic|another/.exec(rest.toString('latin1'))?.[0]}`);
      const answer = Buffer.alloc(8);
      answer.writeInt32BE(4, 0);
      answer.writeInt32BE(correlation, 4);
      socket.write(answer);
    }
  }
}

let broker: Broker;
let faults: ProduceFaults;
let proxy: KafkaProxy;
let client: Socket;
let answers: number[];

beforeEach(async () => {
  broker = new Broker();
  faults = new ProduceFaults();
  proxy = await KafkaProxy.listen(faults, () => 1);
  proxy.leadTo(await broker.listen());
  client = connect(proxy.port, '127.0.0.1');
  answers = [];
  client.on('error', () => undefined);
  client.on('data', (bytes: Buffer) => {
    for (let at = 4; at < bytes.length; at += 8) answers.push(bytes.readInt32BE(at));
  });
});
afterEach(async () => {
  client.destroy();
  await proxy.close();
  broker.close();
});

const answered = async (...correlations: number[]): Promise<void> => {
  while (!correlations.every((each) => answers.includes(each))) await once(client, 'data');
};

it('passes requests and answers on, in whatever pieces they come', async () => {
  const both = Buffer.concat([request(PRODUCE, 1, 'a-topic'), request(FETCH, 2, 'another')]);
  for (const byte of both) client.write(Buffer.of(byte));
  await answered(1, 2);
  expect(broker.got).toEqual(['1 a-topic', '2 another']);
});

it.each([
  ['answer-lost', false],
  ['answer-cut', true],
] as const)('%s: the request has gone through, and its answer does not come', async (fault, isCut) => {
  const happened = faults.spoilNext('a-topic', fault);
  client.write(request(PRODUCE, 1, 'another', 'about a-topic'));
  client.write(request(FETCH, 2, 'a-topic'));
  await answered(1, 2);
  client.write(request(PRODUCE, 3, 'a-topic'));
  await happened;
  expect(broker.got.at(-1)).toBe('3 a-topic');
  if (isCut) await once(client, 'close');
  else {
    client.write(request(PRODUCE, 4, 'a-topic'));
    await answered(4);
  }
  expect(answers).not.toContain(3);
});

it('late: the connection ends, and the request goes through after those that come later', async () => {
  const happened = faults.spoilNext('a-topic', 'late');
  client.write(request(PRODUCE, 1, 'a-topic'));
  await once(client, 'close');
  const second = connect(proxy.port, '127.0.0.1');
  second.write(request(PRODUCE, 2, 'a-topic'));
  await once(second, 'data');
  expect(broker.got).toEqual(['2 a-topic']);
  await happened;
  expect(broker.got).toEqual(['2 a-topic', '1 a-topic']);
  second.destroy();
});

it('cuts all connections', async () => {
  client.write(request(PRODUCE, 1, 'a-topic'));
  await answered(1);
  expect(proxy.cut()).toBe(1);
  await once(client, 'close');
});

it('a fault happens once, at whichever of the proxies its topic comes by', async () => {
  const another = await KafkaProxy.listen(faults, () => 1);
  const happened = faults.spoilNext('a-topic', 'answer-lost');
  expect(faults.waiting).toBe('answer-lost of a-topic');
  client.write(request(PRODUCE, 1, 'a-topic'));
  await happened;
  client.write(request(PRODUCE, 2, 'a-topic'));
  await answered(2);
  expect(answers).not.toContain(1);
  expect(faults.waiting).toBe('none');
  await another.close();
});
