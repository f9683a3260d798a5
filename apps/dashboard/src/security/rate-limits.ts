import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { HttpException, HttpStatus } from '@nestjs/common';

/** Requests a minute that one address may make. */
export abstract class RateLimits {
  abstract readonly api: number;
  /** Tries to log in: what keeps a short token from being guessed. */
  abstract readonly login: number;
}

export class UsualRateLimits extends RateLimits {
  readonly api = 3000;
  readonly login = 10;
}

/** Refuses with 429, and `Retry-After`, who asks more often than `limit` times a minute. */
export const limitRate = (limit: number): RequestHandler =>
  rateLimit({
    windowMs: 60_000,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, _response, next) => {
      next(new HttpException('Too many requests from this address', HttpStatus.TOO_MANY_REQUESTS));
    },
  });
