import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ControlClient } from './control.js';

describe('what `engine up` asks its apps', () => {
  const said: string[] = [];
  const answers: [number, unknown][] = [];
  let server: Server;
  let url: string;
  let stopping: AbortController;
  let control: ControlClient;

  beforeEach(async () => {
    said.length = 0;
    answers.length = 0;
    server = createServer((_, response) => {
      const [status, body] = answers.shift() ?? [200, []];
      response.writeHead(status).end(JSON.stringify(body));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    stopping = new AbortController();
    control = new ControlClient('token', stopping.signal, (line) => said.push(line));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const lanes = (): Promise<unknown> =>
    control.until(
      () => control.lanes(url),
      () => true,
    );
  const away = (message: string): [number, unknown] => [503, { statusCode: 503, message }];

  it('is asked again while an app cannot answer, which is said once with its reason', async () => {
    answers.push(away('no broker'), away('no broker'), away('no leader'), [200, [{ lane: 1 }]]);
    expect(await lanes()).toEqual([{ lane: 1 }]);
    expect(said).toEqual([
      `Waiting: GET ${url}/control/lanes: no broker`,
      `Waiting: GET ${url}/control/lanes: no leader`,
    ]);
  });

  it('closes windows, too, when the app can', async () => {
    answers.push(away('no broker'), [200, null]);
    await control.closeWindows(url);
    expect(said).toHaveLength(1);
    expect(answers).toEqual([]);
  });

  it('waits for an app that nobody answers for, until it is stopped', async () => {
    server.close();
    await once(server, 'close');
    const asked = lanes();
    while (said.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(said).toEqual([`Waiting: ${url}/control/lanes does not answer`]);
    stopping.abort(new Error('stopped'));
    await expect(asked).rejects.toThrow();
  });

  it('gives up at an error that no waiting heals', async () => {
    answers.push([500, { message: 'broken' }]);
    await expect(lanes()).rejects.toThrow(`GET ${url}/control/lanes: 500`);
    expect(said).toEqual([]);
  });
});
