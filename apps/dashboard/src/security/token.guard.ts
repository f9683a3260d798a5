import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DashboardConfig } from '@engine/config';
import { Inject, Injectable, UnauthorizedException } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { DASHBOARD_CONFIG } from '../dashboard-config.token.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Where a token is set: lets through who shows it as `Authorization: Bearer`. */
@Injectable()
export class TokenGuard implements CanActivate {
  constructor(@Inject(DASHBOARD_CONFIG) private readonly config: DashboardConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const { token } = this.config.dashboard;
    if (token === null) return true;
    const http = context.switchToHttp();
    const [, shown] =
      /^Bearer +(\S+)$/i.exec(http.getRequest<IncomingMessage>().headers.authorization ?? '') ?? [];
    if (shown !== undefined && timingSafeEqual(digest(shown), digest(token))) return true;
    http.getResponse<ServerResponse>().setHeader('WWW-Authenticate', 'Bearer');
    throw new UnauthorizedException('Send the token as "Authorization: Bearer"');
  }
}
