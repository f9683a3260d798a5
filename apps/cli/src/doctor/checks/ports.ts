import { createServer } from 'node:net';

import { DataFolderLock } from '../../up/data-folder-lock.js';
import type { Check, Finding } from '../finding.js';

const APPS = 5;
const DEFAULT_PORT = 3000;

/** The ports that `engine up` tries first: those of all apps, in a row. */
export const checkPorts: Check = async ({ env, dataDir, config }) => {
  const host = config?.http.host ?? '127.0.0.1';
  const first = Number(env['HTTP_PORT'] ?? '') || DEFAULT_PORT;
  const ports = Array.from({ length: APPS }, (_, at) => first + at);
  const refusals = await Promise.all(ports.map((port) => refusalOf(host, port)));
  const taken = ports.filter((_, at) => refusals[at] === 'EADDRINUSE');
  const other = refusals.find((code) => code !== undefined && code !== 'EADDRINUSE');
  const range = `${host}:${first}-${first + APPS - 1}`;
  if (other !== undefined) return [unusable(range, other)];
  if (taken.length === 0) return [{ what: 'Ports', outcome: 'ok', detail: `${range} are free` }];
  const detail = `${taken.join(', ')} of ${range} taken`;
  if (DataFolderLock.holderOf(dataDir) !== undefined)
    return [{ what: 'Ports', outcome: 'ok', detail: `${detail}; an engine runs on this folder` }];
  const remedy =
    'engine up steps over them and says where it listens; single apps need HTTP_PORT set to a free one';
  return [{ what: 'Ports', outcome: 'warn', detail, remedy }];
};

function unusable(range: string, code: string): Finding {
  const remedy =
    code === 'EACCES'
      ? 'this user may not listen there: set HTTP_PORT to 1024 or higher'
      : 'set HTTP_HOST to an address of this machine, such as 127.0.0.1';
  return { what: 'Ports', outcome: 'fail', detail: `${range} cannot be listened at (${code})`, remedy };
}

/** The system's reason why nobody can listen there now; undefined: one can. */
async function refusalOf(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? 'unknown');
    });
    server.listen({ port, host, exclusive: true }, () =>
      server.close(() => {
        resolve(undefined);
      }),
    );
  });
}
