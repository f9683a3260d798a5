import type { IncomingMessage } from 'node:http';
import { isLoopback } from '@engine/config';
import type { DashboardConfig } from '@engine/config';
import { HttpException, HttpStatus, Inject, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { DASHBOARD_CONFIG } from '../dashboard-config.token.js';

/** Addresses that stand for every address of the machine: by which name it is reached cannot be known. */
const WILDCARDS: readonly string[] = ['0.0.0.0', '::', '[::]'];

const hostName = (header: string | undefined): string => (header ?? '').replace(/:\d+$/, '').toLowerCase();

/**
 * Refuses requests for a host that is not us: a page of another site whose name was made to point here (DNS rebinding)
 * would read the data as its own.
 */
@Injectable()
export class HostGuard implements CanActivate {
  constructor(@Inject(DASHBOARD_CONFIG) private readonly config: DashboardConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const name = hostName(context.switchToHttp().getRequest<IncomingMessage>().headers.host);
    if (this.#isOurs(name)) return true;
    throw new HttpException(`This is not the host "${name}"`, HttpStatus.MISDIRECTED);
  }

  #isOurs(name: string): boolean {
    const own = this.config.http.host.toLowerCase();
    return isLoopback(name) || name === own || name === `[${own}]` || WILDCARDS.includes(own);
  }
}
