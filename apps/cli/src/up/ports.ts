import { createServer } from 'node:net';

/** Whether nobody listens on the port of this host. */
async function isFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ port, host, exclusive: true }, () =>
      server.close(() => {
        resolve(true);
      }),
    );
  });
}

const HIGHEST_PORT = 65_535;

export interface PortSearch {
  readonly free: readonly number[];
  /** Ports that somebody else listens on and that were stepped over. */
  readonly taken: readonly number[];
}

/** The first `count` free ports from `first` on. Throws a `RangeError` when there are not so many. */
export async function freePorts(first: number, count: number, host: string): Promise<PortSearch> {
  const free: number[] = [];
  const taken: number[] = [];
  for (let port = first; free.length < count; port++) {
    if (port > HIGHEST_PORT)
      throw new RangeError(`Only ${free.length} of ${count} ports are free from ${first} on`);
    ((await isFree(port, host)) ? free : taken).push(port);
  }
  return { free, taken };
}
