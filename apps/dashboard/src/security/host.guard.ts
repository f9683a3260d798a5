import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { isLoopback } from '@engine/config';
import type { DashboardConfig } from '@engine/config';
import { HttpException, HttpStatus, Inject, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { DASHBOARD_CONFIG } from '../dashboard-config.token.js';

const hostName = (header: string | undefined): string => (header ?? '').replace(/:\d+$/, '').toLowerCase();

/** `10.0.0.7`, `[fe80::1]`: an address is no name that somebody could make point here. */
const isAddress = (name: string): boolean => isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0;

/**
 * Refuses requests for a host that is not us: a page of another site whose name was made to point here (DNS rebinding)
 * would read the data as its own. Names beside our own are taken from `DASHBOARD_HOSTS`.
 */
@Injectable()
export class HostGuard implements CanActivate {
  readonly #names: ReadonlySet<string>;

  constructor(@Inject(DASHBOARD_CONFIG) { http, dashboard }: DashboardConfig) {
    this.#names = new Set([http.host, ...dashboard.hosts].map((name) => name.toLowerCase()));
  }

  canActivate(context: ExecutionContext): boolean {
    const name = hostName(context.switchToHttp().getRequest<IncomingMessage>().headers.host);
    if (isLoopback(name) || isAddress(name) || this.#names.has(name)) return true;
    throw new HttpException(
      `This is not the host "${name}"; if it should be, add it to DASHBOARD_HOSTS`,
      HttpStatus.MISDIRECTED,
    );
  }
}
