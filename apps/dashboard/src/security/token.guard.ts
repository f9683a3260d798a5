import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Access } from './access.js';

/** Refuses whom `Access` does not let in. */
@Injectable()
export class TokenGuard implements CanActivate {
  constructor(private readonly access: Access) {}

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    if (this.access.allows(http.getRequest<IncomingMessage>())) return true;
    http.getResponse<ServerResponse>().setHeader('WWW-Authenticate', 'Bearer');
    throw new UnauthorizedException('Send the token as "Authorization: Bearer", or log in with POST /login');
  }
}
