import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { ExitCode } from './exit-code.js';

export interface HttpAddress {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** Nothing can listen at the address that HTTP_HOST and HTTP_PORT give. */
export class HttpAddressError extends Error {
  override readonly name = 'HttpAddressError';
  readonly exitCode = ExitCode.configuration;
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process listens there already; stop it, or set HTTP_PORT to a free port',
  EACCES: 'this user may not listen there; set HTTP_PORT to a port above 1023',
  EADDRNOTAVAIL: 'this machine has no such address; set HTTP_HOST to one it has',
  ENOTFOUND: 'there is no such host; set HTTP_HOST to an address of this machine',
};

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** Starts the app and has it listen; resolves with the port it got. Throws `HttpAddressError` where it cannot listen. */
export async function listen(app: INestApplication, { host, port }: HttpAddress): Promise<number> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const reason = REASONS[codeOf(error)];
    if (reason === undefined) throw error;
    throw new HttpAddressError(`HTTP_PORT=${port}, HTTP_HOST=${host}: ${reason}`, { cause: error });
  }
  const server = app.getHttpServer() as Server;
  const address = server.address() as AddressInfo;
  Logger.log(`Listening on http://${host.includes(':') ? `[${host}]` : host}:${address.port}`, 'Http');
  return address.port;
}
