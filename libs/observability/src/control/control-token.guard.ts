import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, NotFoundException } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';

/** Injection token of what a caller must show; null: the endpoints do not exist for anybody. */
export const CONTROL_TOKEN = Symbol('control token');

interface WithHeaders {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Lets through who shows the token; to all others the endpoints do not exist. */
@Injectable()
export class ControlTokenGuard implements CanActivate {
  constructor(@Inject(CONTROL_TOKEN) private readonly token: string | null) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<WithHeaders>();
    const shown = headers['x-control-token'];
    if (this.token === null || typeof shown !== 'string') throw new NotFoundException();
    if (!timingSafeEqual(digest(shown), digest(this.token))) throw new NotFoundException();
    return true;
  }
}
