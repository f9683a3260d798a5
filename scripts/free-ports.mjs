// Ports of the loopback interface for processes that are to listen there a moment later.
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that outgoing connections are given (from 32768 on, or higher): one of these could have it by then. */
const FROM = 15_000;
const TO = 30_000;

/** So many, all different, on which nobody listens right now. */
export async function freePorts(count) {
  const found = new Set();
  while (found.size < count) {
    const port = randomInt(FROM, TO);
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

export async function freePort() {
  const [port] = await freePorts(1);
  return port;
}

async function isFree(port) {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (error.code === 'EADDRINUSE') return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}
