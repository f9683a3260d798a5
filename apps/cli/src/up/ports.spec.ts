import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { freePorts } from './ports.js';

it('steps over a port that is taken, and says which', async () => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  try {
    const { free, taken } = await freePorts(port, 2, '127.0.0.1');
    expect(free).toHaveLength(2);
    expect(free).not.toContain(port);
    expect(taken[0]).toBe(port);
    expect(Math.min(...free)).toBeGreaterThan(port);
  } finally {
    await new Promise((closed) => server.close(closed));
  }
});

it('says when there are not enough', async () => {
  await expect(freePorts(65_535, 2, '127.0.0.1')).rejects.toThrow(RangeError);
});
