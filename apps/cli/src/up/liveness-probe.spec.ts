import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { LivenessProbe } from './liveness-probe.js';

const STALLED = { status: 'error', error: { progress: { status: 'down', reason: 'lane 2: no progress' } } };
const TIMES = { intervalMs: 2, answerMs: 20 };

let server: Server;
let answers: (number | 'none')[];
let asked: number;
let probe: LivenessProbe;
let told: string[];

/** Answers with these codes one after the other, the last one for ever. */
async function app(...codes: (number | 'none')[]): Promise<void> {
  answers = codes;
  asked = 0;
  told = [];
  server = createServer((_, response) => {
    const code = answers[Math.min(asked++, answers.length - 1)] ?? 200;
    if (code !== 'none') response.writeHead(code).end(code === 503 ? JSON.stringify(STALLED) : '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  probe = new LivenessProbe(`http://127.0.0.1:${port}`, (reason) => told.push(reason), TIMES);
  probe.start();
}

afterEach(() => {
  probe.stop();
  server.closeAllConnections();
  server.close();
});

async function untilAsked(times: number): Promise<void> {
  while (asked < times) await new Promise((resolve) => setTimeout(resolve, 1));
}

it('tells once, with the reason, of an app that says twice in a row that it is stalled', async () => {
  await app(200, 200, 503);
  while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(told).toEqual(['lane 2: no progress']);
  expect(asked).toBeGreaterThanOrEqual(4);
});

it('leaves alone an app that was stalled for a moment, and one that does not answer', async () => {
  await app(503, 200, 503, 'none', 503, 200, 503, 200);
  await untilAsked(12);
  expect(told).toEqual([]);
});
